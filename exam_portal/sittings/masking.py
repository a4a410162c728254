# SPDX-License-Identifier: Apache-2.0
"""Masking: each script gets a code; which script it hides is sealed under the masking board's key."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.sittings import errors
from exam_portal.sittings.models import MaskBag, MaskedScript, MaskKey, Script, ScriptHandover, Sitting
from scoring.verify import merkle

MARKING = "marking"
CONTEXT = "sittings.mask"
CODE_BYTES = 7  # 56 random bits, written as ten letters and digits without 0, 1, 8, 9
BLIND_DOMAIN = b"exam/blind/v1"


def mask_scripts(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    competition: Competition,
    part: str,
    purpose: str = MARKING,
    script_ids: Sequence[int] | None = None,
    bag_size: int = 0,
) -> list[MaskBag]:
    """Every script of the part that was handed over has a fresh code and lies in a bag.

    ``bag_size`` 0 makes one bag. Codes are random; their order comes from a keyed hash of the script, so neither order nor code tells who
    (integrity 2.6). The key is new for each part and purpose: codes of two parts do not link.
    """
    session.execute(select(Competition.id).where(Competition.id == competition.id).with_for_update())
    scripts = _scripts(session, competition.id, part, script_ids)
    if not scripts:
        raise errors.NothingToMask
    if script_ids is None:
        _require_handed_over(session, competition.id, part)
    key_id = _key(session, actor, now, competition, part, purpose)
    ordered = sorted(scripts, key=lambda script: _place(session, key_id, script.public_id, part))
    size = bag_size or len(ordered)
    bags = [
        _bag(session, actor, now, competition, part, purpose, number, ordered[start : start + size], key_id)
        for number, start in enumerate(range(0, len(ordered), size), start=1)
    ]
    _record(session, actor, now, competition, part, purpose, bags)
    return bags


def mapping(session: Session, competition_id: int, part: str, purpose: str) -> dict[int, int]:
    """Return masked script id -> candidate id, opened for the unmasking only."""
    rows = session.execute(
        select(MaskedScript, MaskBag.purpose)
        .join(MaskBag, MaskBag.id == MaskedScript.bag_id)
        .where(MaskBag.competition_id == competition_id, MaskBag.part == part, MaskBag.purpose == purpose)
    ).all()
    key_id = key_of(session, competition_id, part, purpose)
    scripts = {row.MaskedScript.id: script_of(session, row.MaskedScript, key_id) for row in rows}
    people = dict(
        session.execute(select(Script.id, Script.candidate_id).where(Script.id.in_(scripts.values())))
        .tuples()
        .all()
    )
    return {masked_id: people[script_id] for masked_id, script_id in scripts.items()}


def script_of(session: Session, masked: MaskedScript, key_id: str) -> int:
    """Return the script that a mask hides."""
    return int(_opened(session, masked, key_id)["script"])


def opening_of(session: Session, masked: MaskedScript, key_id: str) -> Mapping[str, Any]:
    """Return what opens a mask's commitment: the salt, and the script's public id."""
    return _opened(session, masked, key_id)


def key_of(session: Session, competition_id: int, part: str, purpose: str) -> str:
    """Return the masking board's key of a part and purpose."""
    key_id = session.scalar(
        select(MaskKey.key_id).where(
            MaskKey.competition_id == competition_id, MaskKey.part == part, MaskKey.purpose == purpose
        )
    )
    if key_id is None:
        raise NotFound
    return key_id


def script_index(session: Session, script_public_id: str, purpose: str) -> bytes:
    """Return the keyed hash that keeps a script from being masked twice for one purpose."""
    return session.keys.index(f"{script_public_id}/{purpose}", CONTEXT)


def _scripts(
    session: Session, competition_id: int, part: str, script_ids: Sequence[int] | None
) -> Sequence[Script]:
    condition = [Script.competition_id == competition_id, Script.part == part]
    if script_ids is not None:
        condition.append(Script.id.in_(script_ids))
    return session.scalars(select(Script).where(*condition)).all()


def _require_handed_over(session: Session, competition_id: int, part: str) -> None:
    """Paper scripts are counted over to the masking board before anybody masks them."""
    waiting = session.scalar(
        select(Sitting.id)
        .outerjoin(ScriptHandover, ScriptHandover.sitting_id == Sitting.id)
        .where(
            Sitting.competition_id == competition_id,
            Sitting.part == part,
            ScriptHandover.id.is_(None),
            Sitting.id.in_(select(Script.sitting_id)),
        )
    )
    if waiting is not None:
        raise errors.NotHandedOver


def _key(
    session: Session, actor: Actor, now: datetime, competition: Competition, part: str, purpose: str
) -> str:
    taken = select(MaskKey.id).where(
        MaskKey.competition_id == competition.id, MaskKey.part == part, MaskKey.purpose == purpose
    )
    if session.scalar(taken):
        raise StaleState
    key_id = session.keys.create()
    digest = hashlib.sha256(session.keys.subkey(key_id, CONTEXT) + competition.public_id.encode()).digest()
    session.add(
        MaskKey(
            competition_id=competition.id,
            part=part,
            purpose=purpose,
            key_id=key_id,
            commitment=digest,
            by=_account(actor),
            at=now,
        )
    )
    session.flush()
    return key_id


def _place(session: Session, key_id: str, script_public_id: str, part: str) -> bytes:
    key = session.keys.subkey(key_id, CONTEXT)
    return hmac.digest(key, f"{script_public_id}|{part}".encode(), "sha256")


def _bag(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    part: str,
    purpose: str,
    number: int,
    scripts: Sequence[Script],
    key_id: str,
) -> MaskBag:
    bag = MaskBag(
        competition_id=competition.id,
        organisation_id=competition.organisation_id,
        part=part,
        purpose=purpose,
        label=f"{number:02d}",
        by=_account(actor),
        at=now,
    )
    session.add(bag)
    session.flush()
    rows: list[MaskedScript] = [
        _masked(session, competition, part, purpose, script, bag, key_id) for script in scripts
    ]
    session.add_all(sorted(rows, key=lambda row: row.mask_code))
    session.flush()
    return bag


def _masked(
    session: Session,
    competition: Competition,
    part: str,
    purpose: str,
    script: Script,
    bag: MaskBag,
    key_id: str,
) -> MaskedScript:
    salt = secrets.token_bytes(32)
    code = new_code()
    hidden = json.dumps({"script": script.id, "public_id": script.public_id, "salt": salt.hex()}).encode()
    commitment = hashlib.sha256(BLIND_DOMAIN + salt + f"{script.public_id}|{code}".encode()).digest()
    return MaskedScript(
        bag_id=bag.id,
        competition_id=competition.id,
        part=part,
        mask_code=code,
        sealed_mapping=session.keys.seal(key_id, hidden, f"{CONTEXT}/{code}"),
        script_index=script_index(session, script.public_id, purpose),
        commitment=commitment,
    )


def new_code() -> str:
    """Return a random mask code: ten characters of A–Z and 2–7, written in two groups by pages."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode("ascii")[:10]


def _opened(session: Session, masked: MaskedScript, key_id: str) -> Mapping[str, Any]:
    plain = session.keys.open(key_id, masked.sealed_mapping, f"{CONTEXT}/{masked.mask_code}")
    opened: Mapping[str, Any] = json.loads(plain)
    return opened


def _record(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    part: str,
    purpose: str,
    bags: Sequence[MaskBag],
) -> None:
    """Write the one leaf: the root over the commitments of all codes, and the counts."""
    commitments = sorted(row.commitment for bag in bags for row in bag.scripts)
    audit.record(
        session,
        actor,
        now,
        type="blind-commit",
        competition_id=competition.id,
        subject=competition.public_id,
        content={
            "part": part,
            "purpose": purpose,
            "scripts": len(commitments),
            "bags": len(bags),
            "root": merkle.merkle_root([merkle.leaf_hash(c) for c in commitments]).hex(),
        },
    )


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id
