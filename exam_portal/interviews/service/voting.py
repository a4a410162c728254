# SPDX-License-Identifier: Apache-2.0
"""The ballot in the portal: each member marks once into a sealed box, which is opened when all is in."""

import hashlib
import hmac
import json
import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.core import erasing
from exam_portal.core.actors import SYSTEM, Actor
from exam_portal.core.db import Session
from exam_portal.core.ids import new_public_id
from exam_portal.interviews import ballots, errors, queries
from exam_portal.interviews.models import (
    Ballot,
    BallotBox,
    BallotReceipt,
    Hearing,
    HearingEvent,
    PanelMember,
    PanelSession,
)
from exam_portal.interviews.record import keeping
from exam_portal.interviews.service import common
from scoring.rounding import plain
from scoring.verify.canonical import canonical_bytes

CONTEXT = "interviews.ballot_box"
RECEIPT = "interviews.ballot_receipt"
BLOCK = 4096  # the sealed box grows in blocks, so that its length tells nothing about a ballot


def cast_ballot(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
    has_heard: bool,
    submission: str = "",
) -> str:
    """The member has marked once. In a secret ballot nothing says which ballot is whose, nor when it came.

    Returns the receipt: that a ballot of this member is in the box. The same ballot sent again under the same
    random ``submission`` gives the same receipt and changes nothing; any other one is refused. ``has_heard``
    is the member's word to have heard all of the hearing; of it nothing is kept but the receipt.
    """
    panel = common.locked(session, hearing.panel)
    ruleset, part, rule = common.rules(session, panel)
    print_ = fingerprint(submission or secrets.token_hex(16), value, scores)
    if _is_sent_again(session, actor, hearing, print_):
        return receipt_of(session, actor, hearing)
    box = _open_box(session, panel, hearing)
    member = _entitled_member(session, actor, hearing)
    if not has_heard:
        raise errors.HearingNotConfirmed
    total = ballots.checked(ruleset, part, value, scores)
    slip = secrets.token_hex(4)
    given = {
        "slip": slip,
        "member": member.id if rule.ballot == "named" else None,
        "value": plain(total),
        "scores": {key: plain(score) for key, score in scores.items()},
    }
    _put(session, hearing, box, given, keeping.entry(session, hearing, rule, member, slip))
    sealed_print = session.keys.seal(box.key_id, print_, _receipt_context(hearing, member.id))
    session.add(BallotReceipt(hearing_id=hearing.id, member_id=member.id, sealed=sealed_print))
    session.flush()
    facts = {"hearing": hearing.public_id, "cast": queries.count_cast(session, hearing.id)}
    common.record(session, SYSTEM, now, panel, "interviews.ballot_cast", facts)
    return receipt_of(session, actor, hearing)


def fingerprint(submission: str, value: Decimal | None, scores: Mapping[str, Decimal]) -> bytes:
    """Return what tells a ballot sent again from another one; without the random number it tells nothing."""
    figures = {key: plain(score) for key, score in scores.items()}
    content = ["exam/ballot-submission/v1", submission, None if value is None else plain(value), figures]
    return hashlib.sha256(canonical_bytes(content)).digest()


def receipt_of(session: Session, actor: Actor, hearing: Hearing) -> str:
    """Return the receipt of this member for this hearing: the same for every ballot, it proves no vote."""
    return session.keys.index(f"{hearing.public_id}/{common.account(actor)}", RECEIPT).hex()[:12].upper()


def count_ballots(
    session: Session, actor: Actor, now: datetime, *, hearing: Hearing, outstanding_too: bool = False
) -> HearingEvent:
    """The ballots given in the portal are counted, written down in mixed order, and the box is gone.

    While members who hold a slip have not voted it is refused, unless ``outstanding_too``: theirs then
    count as not returned. Below the quorum the box is destroyed unopened: a few ballots that count for
    nothing would only tell who voted how.
    """
    panel = common.locked(session, hearing.panel)
    if queries.is_counted(session, hearing.id):
        raise errors.AlreadyCounted
    box = _open_box(session, panel, hearing)
    issued, returned = queries.issued(session, hearing), queries.count_cast(session, hearing.id)
    if returned < issued and not outstanding_too:
        raise errors.BallotsOutstanding(issued, returned)
    _, part, _ = common.rules(session, panel)
    if ballots.is_below_quorum(part, returned):
        _destroy(session, now, box)
        return common.leave_unopened(session, actor, now, panel, hearing, returned)
    given, entries = _contents(session, hearing, box)
    mixed = random.SystemRandom().sample(given, len(given))
    session.add_all(_row(hearing, one) for one in mixed)
    _destroy(session, now, box)
    facts = {"issued": issued, "returned": len(given), "invalid": 0}
    kept = queries.hash_of_ballots(session, hearing.id)
    bound = {"record": keeping.store(session, hearing, entries)} if entries else {}
    return common.event(
        session, actor, now, panel, hearing, "counted", facts, told=facts | bound, ballots=kept
    )


def _destroy(session: Session, now: datetime, box: BallotBox) -> None:
    """The box is gone, and its key: older copies of it would tell who voted how."""
    session.delete(box)
    erasing.erase_key(session, now, box.key_id)
    session.flush()


def sealed(
    session: Session,
    key_id: str,
    hearing: Hearing,
    given: Sequence[Mapping[str, Any]],
    entries: Sequence[str] = (),
) -> bytes:
    """Return the box: ballots mixed, entries of the sealed record sorted, padded, under its own key."""
    mixed = random.SystemRandom().sample(list(given), len(given))
    content = json.dumps([mixed, sorted(entries)]).encode()
    padded = content.ljust(-(-len(content) // BLOCK) * BLOCK)
    return session.keys.seal(key_id, padded, f"{CONTEXT}/{hearing.public_id}")


def _contents(session: Session, hearing: Hearing, box: BallotBox) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the ballots, and the entries of the sealed record; neither order tells which belong together."""
    content = session.keys.open(box.key_id, box.sealed, f"{CONTEXT}/{hearing.public_id}")
    given, entries = json.loads(content)
    return given, entries


def _put(
    session: Session, hearing: Hearing, box: BallotBox, ballot: Mapping[str, Any], entry: str | None
) -> None:
    given, entries = _contents(session, hearing, box)
    entries += [entry] if entry is not None else []
    box.sealed = sealed(session, box.key_id, hearing, [*given, ballot], entries)


def _open_box(session: Session, panel: PanelSession, hearing: Hearing) -> BallotBox:
    if panel.mode == "paper":
        raise errors.OtherMode
    box = session.scalar(
        select(BallotBox)
        .where(BallotBox.hearing_id == hearing.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if box is None and queries.is_counted(session, hearing.id):
        raise errors.BallotTooLate
    if box is None:
        raise errors.BallotNotOpen
    return box


def _entitled_member(session: Session, actor: Actor, hearing: Hearing) -> PanelMember:
    account_id = common.account(actor)
    voters = queries.voters(session, hearing.panel, [hearing])[hearing.id]
    member = next((one for one in voters if one.account_id == account_id), None)
    if member is None:
        raise errors.NoSlip
    return member


def _is_sent_again(session: Session, actor: Actor, hearing: Hearing, print_: bytes) -> bool:
    """Whether this very submission is in the box; AlreadyVoted if another one of this member is, or was."""
    voted = session.scalar(
        select(BallotReceipt)
        .join(PanelMember, PanelMember.id == BallotReceipt.member_id)
        .where(BallotReceipt.hearing_id == hearing.id, PanelMember.account_id == common.account(actor))
    )
    if voted is None:
        return False
    box = session.scalar(select(BallotBox).where(BallotBox.hearing_id == hearing.id))
    if box is None:  # counted: nobody can say any more which ballot it was
        raise errors.AlreadyVoted
    kept = session.keys.open(box.key_id, voted.sealed, _receipt_context(hearing, voted.member_id))
    if not hmac.compare_digest(kept, print_):
        raise errors.AlreadyVoted
    return True


def _receipt_context(hearing: Hearing, member_id: int) -> str:
    return f"{RECEIPT}/{hearing.public_id}/{member_id}"


def _row(hearing: Hearing, given: Mapping[str, Any]) -> Ballot:
    return Ballot(
        id=new_public_id(),
        hearing_id=hearing.id,
        slip=given["slip"],
        member_id=given["member"],
        value=given["value"],
        scores=given["scores"],
    )
