# SPDX-License-Identifier: Apache-2.0
"""Masking: each script gets a code; which script it hides is sealed under the masking board's key."""

import base64
import dataclasses
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.audit import service as audit
from exam_portal.competitions.models import Competition
from exam_portal.core import bags
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import Forbidden, NotFound, StaleState
from exam_portal.sittings import errors
from exam_portal.sittings.attempts import late
from exam_portal.sittings.attempts.errors import StillRunning
from exam_portal.sittings.attempts.submit import RUNNING
from exam_portal.sittings.models import (
    Attempt,
    MaskBag,
    MaskedScript,
    MaskKey,
    PaperTurn,
    Script,
    ScriptHandover,
    Seat,
    Sitting,
    SittingEvent,
    SittingEventKind,
)
from scoring.verify import merkle

MARKING = "marking"
CONTEXT = "sittings.mask"
CODE_BYTES = 7  # 56 random bits, of which ten letters and digits (without 0, 1, 8, 9) carry 50
CODE_LETTERS, ADDRESS_LETTERS = 10, 26  # of the 51 full letters that a hash has
STAGE_DOMAIN = "exam/marking-stage/v1"
BLIND_DOMAIN = b"exam/blind/v1"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What all masks of one part and purpose have in common."""

    competition: Competition
    part: str
    purpose: str
    key_id: str
    by: int
    at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MaskLabel:
    """One line of the label sheet: which code is stuck on which sheets. For the masking board alone."""

    bag: str
    mask_code: str
    sheet_code: str
    sheets: int | None


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

    ``bag_size`` 0 makes one bag, BagTooSmall is raised below the least of ``core.bags``. Codes are
    random; which scripts share a bag comes from a keyed hash, so
    neither code nor place tells who (integrity 2.6). The key is new for each part and purpose: codes of two
    parts do not link.
    """
    if 0 < bag_size < bags.LEAST:
        raise errors.BagTooSmall(bags.LEAST)
    session.execute(select(Competition.id).where(Competition.id == competition.id).with_for_update())
    scripts = _scripts(session, competition.id, part, script_ids)
    if script_ids is None:
        _require_complete(session, competition.id, part)
    if not scripts:
        raise errors.NothingToMask
    batch = _begin(session, actor, now, competition, part, purpose)
    ordered = sorted(scripts, key=lambda script: _place(session, batch, script.public_id))
    found = [
        _bag(session, batch, number, lying)
        for number, lying in enumerate(bags.divided(ordered, bag_size or len(ordered)), start=1)
    ]
    _record(session, actor, batch, found)
    return found


def mapping(session: Session, competition_id: int, part: str, purpose: str) -> dict[int, int]:
    """Return masked script id -> candidate id, opened for the unmasking only."""
    found = _opened_scripts(session, competition_id, part, purpose)
    people = dict(
        session.execute(
            select(Script.id, Script.candidate_id).where(Script.id.in_(set(found.values())))
        ).all()
    )
    return {masked.id: people[script_id] for masked, script_id in found.items()}


def labels(session: Session, competition_id: int, part: str, purpose: str = MARKING) -> list[MaskLabel]:
    """Return the label sheet of the paper scripts, by bag and sheet code: what is stuck on what."""
    found = _opened_scripts(session, competition_id, part, purpose)
    sheets = {
        script_id: (sheet_code, count)
        for script_id, sheet_code, count in session.execute(
            select(Script.id, Seat.sheet_code, Script.sheets)
            .join(Seat, (Seat.sitting_id == Script.sitting_id) & (Seat.candidate_id == Script.candidate_id))
            .where(Script.id.in_(set(found.values())), Script.source == "paper")
        )
    }
    lines = [
        MaskLabel(
            bag=masked.bag.label,
            mask_code=masked.mask_code,
            sheet_code=sheets[script_id][0],
            sheets=sheets[script_id][1],
        )
        for masked, script_id in found.items()
        if script_id in sheets
    ]
    return sorted(lines, key=lambda line: (line.bag, line.sheet_code))


def script_of(session: Session, masked: MaskedScript, key_id: str) -> int:
    """Return the script that a mask hides."""
    return int(opening_of(session, masked, key_id)["script"])


def opening_of(session: Session, masked: MaskedScript, key_id: str) -> Mapping[str, Any]:
    """Return what opens a mask's commitment: the salt, and the script's public id."""
    plain = session.keys.open(key_id, masked.sealed_mapping, f"{CONTEXT}/{masked.mask_code}")
    opened: Mapping[str, Any] = json.loads(plain)
    return opened


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


def new_code() -> str:
    """Return a random mask code: ten characters of A-Z and 2-7, written in two groups by pages."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode("ascii")[:CODE_LETTERS]


def names_under(key: bytes, public_id: str, stage: int) -> tuple[str, str]:
    """Return the code and the address under which the marker of this stage meets a mask at the desk.

    Both are keyed hashes under the masking board's subkey, so that markers of two stages have no word in
    common for one script, and nobody without the key has what joins them; nothing of them is stored.
    """
    hidden = f"{STAGE_DOMAIN}|{stage}|{public_id}".encode()
    digest = hmac.digest(key, hidden, "sha256")
    text = base64.b32encode(digest).decode("ascii")
    return text[:CODE_LETTERS], text[CODE_LETTERS:][:ADDRESS_LETTERS].lower()


def commitment_of(salt: bytes, script_public_id: str, code: str) -> bytes:
    """Return what binds a code to its script without naming either (integrity 2.6)."""
    return hashlib.sha256(BLIND_DOMAIN + salt + f"{script_public_id}|{code}".encode()).digest()


def root_of(commitments: Iterable[bytes]) -> str:
    """Return the root that the log holds over the commitments of all codes of a part."""
    return merkle.merkle_root([merkle.leaf_hash(one) for one in sorted(commitments)]).hex()


def _scripts(
    session: Session, competition_id: int, part: str, script_ids: Sequence[int] | None
) -> Sequence[Script]:
    condition = [Script.competition_id == competition_id, Script.part == part]
    if script_ids is not None:
        condition.append(Script.id.in_(script_ids))
    return session.scalars(select(Script).where(*condition)).all()


def _require_complete(session: Session, competition_id: int, part: str) -> None:
    """Every sitting of the part is over: paper counted over to the masking board, attempts all sealed."""
    cancelled = select(SittingEvent.sitting_id).where(SittingEvent.kind == SittingEventKind.CANCELLED.value)
    sittings = session.scalars(
        select(Sitting).where(
            Sitting.competition_id == competition_id, Sitting.part == part, Sitting.id.not_in(cancelled)
        )
    ).all()
    ids = [sitting.id for sitting in sittings]
    if session.scalar(
        select(func.count()).where(Attempt.sitting_id.in_(ids), Attempt.state.in_({*RUNNING, "authorised"}))
    ):
        raise StillRunning
    late.require_ruled(session, ids)
    received = set(
        session.scalars(select(ScriptHandover.sitting_id).where(ScriptHandover.sitting_id.in_(ids)))
    )
    turned = set(
        session.scalars(
            select(PaperTurn.sitting_id).where(
                PaperTurn.sitting_id.in_(ids), PaperTurn.approved_by.is_not(None)
            )
        )
    )
    if any((one.mode == "paper" or one.id in turned) and one.id not in received for one in sittings):
        raise errors.NotHandedOver


def _begin(
    session: Session, actor: Actor, now: datetime, competition: Competition, part: str, purpose: str
) -> Batch:
    """Return the batch with its new key; a part that is masked for this purpose is not masked again."""
    if actor.account_id is None:
        raise Forbidden
    taken = select(MaskKey.id).where(
        MaskKey.competition_id == competition.id, MaskKey.part == part, MaskKey.purpose == purpose
    )
    if session.scalar(taken):
        raise StaleState
    key_id = session.keys.create()
    digest = hashlib.sha256(session.keys.subkey(key_id, CONTEXT) + competition.public_id.encode()).digest()
    facts = {"competition_id": competition.id, "part": part, "purpose": purpose, "key_id": key_id}
    session.add(MaskKey(**facts, commitment=digest, by=actor.account_id, at=now))
    session.flush()
    return Batch(
        competition=competition, part=part, purpose=purpose, key_id=key_id, by=actor.account_id, at=now
    )


def _place(session: Session, batch: Batch, script_public_id: str) -> bytes:
    key = session.keys.subkey(batch.key_id, CONTEXT)
    return hmac.digest(key, f"{script_public_id}|{batch.part}".encode(), "sha256")


def _bag(session: Session, batch: Batch, number: int, scripts: Sequence[Script]) -> MaskBag:
    bag = MaskBag(
        competition_id=batch.competition.id,
        organisation_id=batch.competition.organisation_id,
        part=batch.part,
        purpose=batch.purpose,
        label=f"{number:02d}",
        by=batch.by,
        at=batch.at,
    )
    session.add(bag)
    session.flush()
    rows = [_masked(session, batch, script, bag) for script in scripts]
    for row in sorted(rows, key=_code_of):  # ids follow the codes: the order of rows tells nothing
        session.add(row)
    session.flush()
    return bag


def _code_of(masked: MaskedScript) -> str:
    return masked.mask_code


def _masked(session: Session, batch: Batch, script: Script, bag: MaskBag) -> MaskedScript:
    salt, code = secrets.token_bytes(32), new_code()
    hidden = json.dumps({"script": script.id, "public_id": script.public_id, "salt": salt.hex()}).encode()
    return MaskedScript(
        bag_id=bag.id,
        competition_id=batch.competition.id,
        part=batch.part,
        mask_code=code,
        sealed_mapping=session.keys.seal(batch.key_id, hidden, f"{CONTEXT}/{code}"),
        script_index=script_index(session, script.public_id, batch.purpose),
        commitment=commitment_of(salt, script.public_id, code),
    )


def _opened_scripts(
    session: Session, competition_id: int, part: str, purpose: str
) -> dict[MaskedScript, int]:
    key_id = key_of(session, competition_id, part, purpose)
    rows = session.scalars(
        select(MaskedScript)
        .join(MaskBag, MaskBag.id == MaskedScript.bag_id)
        .where(MaskBag.competition_id == competition_id, MaskBag.part == part, MaskBag.purpose == purpose)
    )
    return {masked: script_of(session, masked, key_id) for masked in rows}


def _record(session: Session, actor: Actor, batch: Batch, bags: Sequence[MaskBag]) -> None:
    """Write the one leaf: the root over the commitments of all codes, and the counts."""
    commitments = [row.commitment for bag in bags for row in bag.scripts]
    audit.record(
        session,
        actor,
        batch.at,
        type="blind-commit",
        competition_id=batch.competition.id,
        subject=batch.competition.public_id,
        content={
            "part": batch.part,
            "purpose": batch.purpose,
            "scripts": len(commitments),
            "bags": len(bags),
            "root": root_of(commitments),
        },
    )
