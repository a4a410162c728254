# SPDX-License-Identifier: Apache-2.0
"""What every verb of the panel does: hold the panel's row, know the rule, write the leaf."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from exam_portal.audit import service as audit
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound, StaleState
from exam_portal.interviews import ballots, queries
from exam_portal.interviews.models import Hearing, HearingEvent, PanelSession
from exam_portal.registration.models import Candidate
from scoring.ruleset import Panel, Part, RuleSet


def rules(session: Session, panel: PanelSession) -> tuple[RuleSet, Part, Panel]:
    """Return the frozen rules of the competition: all of them, the panel's part, its size and quorum."""
    ruleset = competitions.ruleset(session.get_one(Competition, panel.competition_id))
    part = ballots.part_of(ruleset, panel.part)
    assert part.panel is not None
    return ruleset, part, part.panel


def locked(session: Session, panel: PanelSession) -> PanelSession:
    """Return the panel; acts on it come one after the other until this transaction ends."""
    session.refresh(panel, with_for_update=True)
    return panel


def account(actor: Actor) -> int:
    """Return the account that acts."""
    if actor.account_id is None:
        raise NotFound
    return actor.account_id


def event(
    session: Session,
    actor: Actor,
    now: datetime,
    panel: PanelSession,
    hearing: Hearing,
    kind: str,
    payload: dict[str, Any],
    *,
    told: Mapping[str, Any] | None = None,
    **committed: str,
) -> HearingEvent:
    """This has happened to the hearing, once; StaleState if it had happened before.

    The record says the payload, or what is ``told`` in its place; ``committed`` it says besides.
    """
    if queries.has(session, hearing.id, kind):
        raise StaleState
    happened = HearingEvent(hearing_id=hearing.id, kind=kind, payload=payload, by=account(actor), at=now)
    session.add(happened)
    session.flush()
    candidate_no = session.scalar(select(Candidate.candidate_no).where(Candidate.id == hearing.candidate_id))
    said = payload if told is None else told
    facts = {"hearing": hearing.public_id, "candidate": candidate_no, **said, **committed}
    record(session, actor, now, panel, f"interviews.{kind}", facts)
    return happened


def leave_unopened(
    session: Session, actor: Actor, now: datetime, panel: PanelSession, hearing: Hearing, returned: int
) -> HearingEvent:
    """Fewer ballots than the quorum came back: the counts are kept, and nobody has read a ballot."""
    _, _, rule = rules(session, panel)
    facts = {"issued": queries.issued(session, hearing), "returned": returned, "needed": rule.needed}
    return event(session, actor, now, panel, hearing, "box_unopened", facts)


def record(
    session: Session, actor: Actor, now: datetime, panel: PanelSession, code: str, facts: Mapping[str, Any]
) -> None:
    """The act is in the competition's record."""
    audit.record(
        session,
        actor,
        now,
        type=code,
        competition_id=panel.competition_id,
        subject=panel.public_id,
        content={"panel": panel.public_id, **facts},
    )
