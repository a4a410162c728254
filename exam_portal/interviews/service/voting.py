# SPDX-License-Identifier: Apache-2.0
"""The ballot in the portal: each member marks once into a sealed box, which is opened when all is in."""

import json
import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

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
from exam_portal.interviews.service import common
from scoring.rounding import plain

CONTEXT = "interviews.ballot_box"
BLOCK = 4096  # the sealed box grows in blocks, so that its length tells nothing about a ballot


def cast_ballot(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    hearing: Hearing,
    value: Decimal | None,
    scores: Mapping[str, Decimal],
) -> None:
    """The member has marked once. In a secret ballot nothing says which ballot is whose, nor when it came."""
    panel = common.locked(session, hearing.panel)
    box = _open_box(session, panel, hearing)
    member = _entitled_member(session, actor, hearing)
    ruleset, part, rule = common.rules(session, panel)
    total = ballots.checked(ruleset, part, value, scores)
    given = {
        "slip": secrets.token_hex(4),
        "member": member.id if rule.ballot == "named" else None,
        "value": plain(total),
        "scores": {key: plain(score) for key, score in scores.items()},
    }
    _put(session, hearing, box, given)
    session.add(BallotReceipt(hearing_id=hearing.id, member_id=member.id))
    session.flush()
    facts = {"hearing": hearing.public_id, "cast": queries.count_cast(session, hearing.id)}
    common.record(session, SYSTEM, now, panel, "interviews.ballot_cast", facts)


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
    given = _opened(session, hearing, box)
    mixed = random.SystemRandom().sample(given, len(given))
    session.add_all(_row(hearing, one) for one in mixed)
    _destroy(session, now, box)
    facts = {"issued": issued, "returned": len(given), "invalid": 0}
    kept = queries.hash_of_ballots(session, hearing.id)
    return common.event(session, actor, now, panel, hearing, "counted", facts, ballots=kept)


def _destroy(session: Session, now: datetime, box: BallotBox) -> None:
    """The box is gone, and its key: older copies of it would tell who voted how."""
    session.delete(box)
    erasing.erase_key(session, now, box.key_id)
    session.flush()


def sealed(session: Session, key_id: str, hearing: Hearing, given: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the box with these ballots: mixed, padded to whole blocks, sealed under its own key."""
    mixed = random.SystemRandom().sample(list(given), len(given))
    content = json.dumps(mixed).encode()
    padded = content.ljust(-(-len(content) // BLOCK) * BLOCK)
    return session.keys.seal(key_id, padded, f"{CONTEXT}/{hearing.public_id}")


def _opened(session: Session, hearing: Hearing, box: BallotBox) -> list[dict[str, Any]]:
    content = session.keys.open(box.key_id, box.sealed, f"{CONTEXT}/{hearing.public_id}")
    given: list[dict[str, Any]] = json.loads(content)
    return given


def _put(session: Session, hearing: Hearing, box: BallotBox, given: Mapping[str, Any]) -> None:
    box.sealed = sealed(session, box.key_id, hearing, [*_opened(session, hearing, box), given])


def _open_box(session: Session, panel: PanelSession, hearing: Hearing) -> BallotBox:
    if panel.mode == "paper":
        raise errors.OtherMode
    box = session.scalar(
        select(BallotBox)
        .where(BallotBox.hearing_id == hearing.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if box is None:
        raise errors.BallotNotOpen
    return box


def _entitled_member(session: Session, actor: Actor, hearing: Hearing) -> PanelMember:
    account_id = common.account(actor)
    member = next((m for m in queries.entitled(session, hearing) if m.account_id == account_id), None)
    if member is None:
        raise errors.NoSlip
    voted = select(func.count()).where(
        BallotReceipt.hearing_id == hearing.id, BallotReceipt.member_id == member.id
    )
    if session.scalar(voted):
        raise errors.AlreadyVoted
    return member


def _row(hearing: Hearing, given: Mapping[str, Any]) -> Ballot:
    return Ballot(
        id=new_public_id(),
        hearing_id=hearing.id,
        slip=given["slip"],
        member_id=given["member"],
        value=given["value"],
        scores=given["scores"],
    )
