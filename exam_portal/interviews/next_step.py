# SPDX-License-Identifier: Apache-2.0
"""What a panel waits for next, in the order in which it comes about; its page and the home of staff say so.

Beside it stand the hearings that ended without ballots to count, until the council's decision on each is
recorded. What the council decides about deviating ballots stands on the page of the hearing.
"""

import dataclasses
import enum
from collections.abc import Collection, Iterator, Mapping, Sequence

from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import admission, ballots, declared, queries, relations, seats, turn
from exam_portal.interviews.declared import Line
from exam_portal.interviews.models import Hearing, HearingEvent, Occasion, PanelMember, PanelSession
from exam_portal.interviews.record import keeping
from scoring.ruleset import Panel


class Step(enum.StrEnum):
    """What comes next; each needs those before it."""

    MEMBERS = "members"
    RELATIONS = "relations"  # somebody who sits has yet to declare, or to answer
    SUBSTITUTES = "substitutes"  # somebody sits who may not
    KEEPERS = "keepers"
    SHARES = "shares"  # keepers have been named and have yet to copy
    LOTS = "lots"
    BEGIN = "begin"
    SLIPS = "slips"  # a hearing is on, or only its ballot is given again
    AGAIN = "again"  # a hearing was broken off: nobody has called the candidate again
    UNOPENED = "unopened"  # too few ballots came back: nobody has had the ballot given again


WITHOUT_BALLOTS = {"broken_off": Step.AGAIN, "box_unopened": Step.UNOPENED}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step, of how many people, and the hearing that it is about."""

    step: Step
    count: int = 0
    hearing: Hearing | None = None


def of_panels(
    session: Session, panels: Sequence[PanelSession]
) -> Iterator[tuple[PanelSession, str, NextStep]]:
    """Yield each panel that waits for something, and its post's code; one that is over costs no query.

    Of a hearing that the lots gave, who is there is asked, and not once more who passed the parts before: the
    lots waited for that, and computing it anew costs as many queries as the rest of a home page.
    """
    happened = queries.events(session, [one.id for panel in panels for one in panel.hearings])
    for panel in panels:
        step = _next(session, panel, happened)
        for found in (*([step] if step else []), *_without_ballots(session, panel, happened)):
            yield panel, session.get_one(Vacancy, panel.vacancy_id).code, found


def unseated(
    session: Session, competitions_there: Collection[Competition], panels: Sequence[PanelSession]
) -> dict[int, int]:
    """Return by competition how many panels nobody has seated: those of posts that have candidates."""
    seated = {(one.vacancy_id, one.part) for one in panels}
    peopled = admission.peopled(session, [one.id for one in competitions_there])
    found = {
        one.id: sum(
            vacancy.id in peopled and (vacancy.id, part.key) not in seated
            for vacancy in one.vacancies
            for part in competitions.ruleset(one).parts
            if part.panel is not None
        )
        for one in competitions_there
    }
    return {competition_id: count for competition_id, count in found.items() if count}


def before_lots(session: Session, panel: PanelSession, rule: Panel, said: Sequence[Line]) -> NextStep | None:
    """Return what the lots wait for, or the lots; None while a gate before them is not decided."""
    if missing := rule.size - sum(not one.is_substitute for one in panel.members):
        return NextStep(step=Step.MEMBERS, count=missing)
    waiting = declared.waiting(said)
    if silent := sum(waiting.get(one.id, 0) > 0 for one in seats.taken(session, panel)):
        return NextStep(step=Step.RELATIONS, count=silent)
    if off := barred(session, panel):
        return NextStep(step=Step.SUBSTITUTES, count=len(off))
    if step := _record(session, panel, rule):
        return step
    return NextStep(step=Step.LOTS) if admission.is_gate_decided(session, panel) else None


def barred(session: Session, panel: PanelSession) -> frozenset[int]:
    """Return the members who sit and may not, by what was declared: others take their seats before lots."""
    return relations.barred(session, panel) & {one.id for one in seats.taken(session, panel)}


def to_declare(session: Session, panel: PanelSession, account_id: int) -> int:
    """Return how many candidates or questions wait for the word of this person, who may still be replaced."""
    happened = queries.events(session, [one.id for one in panel.hearings])
    if panel.hearings and all(not happened[one.id].keys().isdisjoint(seats.ENDED) for one in panel.hearings):
        return 0
    gone = {one.member_id for one in queries.substitutions(session, panel.id)}
    own = _seat_of(panel, account_id)
    if own is None or own.id in gone:
        return 0
    return declared.waiting(declared.lines(session, panel)).get(own.id, 0)


def _seat_of(panel: PanelSession, account_id: int) -> PanelMember | None:
    return next((one for one in panel.members if one.account_id == account_id), None)


def _record(session: Session, panel: PanelSession, rule: Panel) -> NextStep | None:
    """Return what its keepers have still to do before lots are drawn and slips are out."""
    if not keeping.is_kept(panel, rule):
        return None
    key = keeping.key_of(session, panel.id)
    if key is None:
        return NextStep(step=Step.KEEPERS)
    uncopied = sum(one.taken_at is None for one in key.shares)
    return NextStep(step=Step.SHARES, count=uncopied) if uncopied else None


def _without_ballots(
    session: Session, panel: PanelSession, happened: Mapping[int, Mapping[str, HearingEvent]]
) -> list[NextStep]:
    """Return the hearings whose candidate has no mark and is there, and that no later one replaces."""
    again = {one.repeats_id for one in panel.hearings}
    ended = [
        (one, step)
        for one in panel.hearings
        for kind, step in WITHOUT_BALLOTS.items()
        if kind in happened[one.id] and one.id not in again
    ]
    may = admission.present(session, panel.vacancy_id) if ended else frozenset()
    return [NextStep(step=step, hearing=one) for one, step in ended if one.candidate_id in may]


def _next(
    session: Session, panel: PanelSession, happened: Mapping[int, Mapping[str, HearingEvent]]
) -> NextStep | None:
    if panel.hearings and not panel.mode_changes:  # else every share of a record was copied before the lots
        return _hearing(session, panel, happened)
    ruleset = competitions.ruleset(session.get_one(Competition, panel.competition_id))
    rule = ballots.part_of(ruleset, panel.part).panel
    assert rule is not None
    if panel.hearings:
        return _record(session, panel, rule) or _hearing(session, panel, happened)
    return before_lots(session, panel, rule, declared.lines(session, panel))


def _hearing(
    session: Session, panel: PanelSession, happened: Mapping[int, Mapping[str, HearingEvent]]
) -> NextStep | None:
    """Return the hearing that is on, else the next one; nothing while all are over or voted on."""
    waiting = [one for one in panel.hearings if happened[one.id].keys().isdisjoint(turn.OVER)]
    if not waiting:
        return None
    may = admission.present(session, panel.vacancy_id)
    for one in waiting:
        is_on = "opened" in happened[one.id] or one.occasion == Occasion.SECOND_BALLOT
        if is_on and one.candidate_id in may:
            return NextStep(step=Step.SLIPS, hearing=one)
    called = turn.changes(session, [one.id for one in waiting])
    begins = turn.next_of(panel.hearings, happened, called, may)
    found = next((one for one in panel.hearings if one.id in begins), None)
    return NextStep(step=Step.BEGIN, hearing=found) if found else None
