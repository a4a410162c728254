# SPDX-License-Identifier: Apache-2.0
"""What the pages of the panel show, put together in few queries."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from exam_portal.audit.models import SignedPaper
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import rules
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core.db import Session
from exam_portal.interviews import (
    admission,
    ballots,
    declared,
    next_step,
    outcomes,
    queries,
    relations,
    seats,
    turn,
)
from exam_portal.interviews.models import (
    CountKeying,
    Hearing,
    HearingEvent,
    LotDraw,
    MemberAbsence,
    Occasion,
    OrderChange,
    PanelMember,
    PanelSession,
)
from exam_portal.interviews.next_step import NextStep
from exam_portal.interviews.record import keeping
from exam_portal.registration import queries as registration
from exam_portal.registration.queries import CandidateEntry
from scoring.explanation import Outcome
from scoring.marks import Decision
from scoring.ruleset import Panel, Part, RuleSet

STATES = ("counted", "box_unopened", "candidate_absent", "broken_off", "ballot_opened", "opened")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PanelPlace:
    """A vacancy and a panel part: with its panel, or waiting for one."""

    vacancy: Vacancy
    part: Part
    panel: PanelSession | None
    over: int  # hearings that have been counted, or ended without a ballot


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HearingRow:
    """One hearing with what has happened; figures only once it is counted."""

    hearing: Hearing
    later: Hearing | None  # the hearing that repeats this one: its ballots count, not these
    candidate: CandidateEntry
    events: Mapping[str, HearingEvent]
    entitled: int
    cast: int
    keyed: int  # typists who have keyed the sheet
    differs: bool
    counted: Mapping[str, Any] | None
    outcome: Outcome | None
    page: tuple[str, int] | None  # public id of the counting sheet, page
    stands_later: bool  # others come before by the lots
    may_begin: bool  # nobody else is heard, and it is this candidate's turn
    has_left: bool  # the candidate is not to be heard any more
    change: OrderChange | None  # the decision that called the hearing out of its turn

    @property
    def state(self) -> str:
        """Return how far it is: waiting, or the last of what has happened."""
        return next((kind for kind in STATES if kind in self.events), "waiting")

    @property
    def next_act(self) -> str:
        """Return what comes next in the course of the hearing: open | ballot | nothing."""
        if self.has_left:
            return ""
        if self.state == "waiting" and self.hearing.occasion != Occasion.SECOND_BALLOT:
            return "open" if self.may_begin else ""
        return "ballot" if self.state in {"waiting", "opened"} else ""

    @property
    def may_be_called(self) -> bool:
        """Whether a decision could bring the hearing forward in the order."""
        is_waiting = self.state == "waiting" and self.stands_later
        return is_waiting and not (self.has_left or self.change is not None)

    @property
    def may_be_absent(self) -> bool:
        """Whether it can still be said that the candidate did not come."""
        return self.state in {"waiting", "opened"} and self.hearing.occasion != Occasion.SECOND_BALLOT

    @property
    def may_be_broken_off(self) -> bool:
        """Whether it has begun, or is a ballot given again, and no slip is out."""
        is_second = self.hearing.occasion == Occasion.SECOND_BALLOT and self.state == "waiting"
        return is_second or self.state == "opened"

    @property
    def has_criteria(self) -> bool:
        """Whether a counted ballot says more than its total."""
        return self.counted is not None and any(one.get("scores") for one in self.counted["ballots"])

    @property
    def given(self) -> int:
        """Return how many counted ballots of a vote give confidence."""
        assert self.counted is not None
        return sum(ballots.is_given(one.get("value", "0")) for one in self.counted["ballots"])

    @property
    def deviates(self) -> bool:
        """Whether the council has to meet about the ballots."""
        pending = self.outcome.pending if self.outcome is not None else None
        return pending is not None and pending.code == "panel_must_meet"

    @property
    def may_be_repeated(self) -> bool:
        """Whether the council may have the candidate heard or voted on again."""
        is_open = self.counted is not None and self.outcome is not None and self.outcome.mark is None
        return self.later is None and (is_open or self.state in queries.UNHEARD)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PanelPage:
    """Everything the page of a panel shows."""

    competition: Competition
    panel: PanelSession
    vacancy: Vacancy
    ruleset: RuleSet
    part: Part
    rule: Panel
    absences: Mapping[tuple[int, int | None], MemberAbsence]
    draw: LotDraw | None
    draw_paper: SignedPaper | None
    hearings: Sequence[HearingRow]
    replaced: Mapping[int, PanelMember]  # by member who was replaced: who has the seat
    relations_open: Mapping[int, int]  # by member: candidates not spoken of, and questions that lots wait for
    may_change_seats: bool
    undeclared: frozenset[int]  # members who have not spoken of every candidate
    barred: frozenset[int]  # members who sit and may not, while lots can still wait for their substitutes
    before_lots: NextStep | None  # what the lots wait for

    @property
    def keeps_record(self) -> bool:
        """Whether the portal keeps under seal who gave which ballot."""
        return keeping.is_kept(self.panel, self.rule)

    @property
    def may_change_mode(self) -> bool:
        """Whether no slips are out yet: until then ballots can be given in another way."""
        return not any("ballot_opened" in row.events for row in self.hearings)

    @property
    def is_per_cent(self) -> bool:
        """Whether the figure of a vote is a percentage."""
        return rules.is_per_cent(self.ruleset, self.part)

    @property
    def seated(self) -> int:
        """Return how many members are named, substitutes not counted."""
        return sum(not member.is_substitute for member in self.panel.members)

    def is_standing_by(self, member: PanelMember) -> bool:
        """Whether the substitute has not been called."""
        return member.is_substitute and member.id not in {one.id for one in self.replaced.values()}

    @property
    def may_call_substitutes(self) -> bool:
        """Whether a substitute stands by, and seats may change hands."""
        return self.may_change_seats and any(self.is_standing_by(one) for one in self.panel.members)

    def is_sat_for(self, member: PanelMember, hearing: Hearing) -> bool:
        """Whether a substitute hears this hearing in the place of the member."""
        if hearing.occasion == Occasion.SECOND_BALLOT and hearing.repeats is not None:
            return self.is_sat_for(member, hearing.repeats)
        substitute = self.replaced.get(member.id)
        return substitute is not None and (substitute.id, hearing.id) not in self.absences

    def is_away(self, member: PanelMember) -> bool:
        """Whether the member is absent all day."""
        return (member.id, None) in self.absences

    def missed(self, member: PanelMember) -> list[int]:
        """Return the numbers of the hearings that the member did not hear whole."""
        return [row.hearing.order_no for row in self.hearings if (member.id, row.hearing.id) in self.absences]


def is_full(competition: Competition, panel: PanelSession) -> bool:
    """Whether every seat is taken: whoever is named from then on is a substitute."""
    rule = ballots.part_of(competitions.ruleset(competition), panel.part).panel
    assert rule is not None
    return sum(not member.is_substitute for member in panel.members) >= rule.size


def places(session: Session, competition: Competition) -> list[PanelPlace]:
    """Return each vacancy with each panel part of the rules: queries do not grow with vacancies."""
    panels = {(one.vacancy_id, one.part): one for one in queries.panels(session, competition.id)}
    hearing_ids = [hearing.id for panel in panels.values() for hearing in panel.hearings]
    happened = queries.events(session, hearing_ids)
    parts = [part for part in competitions.ruleset(competition).parts if part.panel is not None]
    return [
        _place(vacancy, part, panels.get((vacancy.id, part.key)), happened)
        for vacancy in competition.vacancies
        for part in parts
    ]


def panel_page(session: Session, competition: Competition, panel: PanelSession) -> PanelPage:
    """Return the page of a panel."""
    ruleset = competitions.ruleset(competition)
    part = ballots.part_of(ruleset, panel.part)
    assert part.panel is not None
    draw = queries.draw(session, panel.id)
    has_minute = draw is not None and draw.signed_paper_id is not None
    said = declared.lines(session, panel)
    return PanelPage(
        competition=competition,
        panel=panel,
        vacancy=session.get_one(Vacancy, panel.vacancy_id),
        ruleset=ruleset,
        part=part,
        rule=part.panel,
        absences=queries.absences(session, panel.id),
        draw=draw,
        draw_paper=session.get(SignedPaper, draw.signed_paper_id) if draw and has_minute else None,
        hearings=hearing_rows(session, ruleset, panel),
        replaced=_replaced(session, panel),
        relations_open=declared.waiting(said),
        may_change_seats=seats.may_change(session, panel, part.panel.needed),
        undeclared=frozenset(line.member.id for line in said if not line.is_answered),
        barred=frozenset() if panel.hearings else next_step.barred(session, panel),
        before_lots=None if panel.hearings else next_step.before_lots(session, panel, part.panel, said),
    )


def _replaced(session: Session, panel: PanelSession) -> dict[int, PanelMember]:
    people = {one.id: one for one in panel.members}
    return {one.member_id: people[one.substitute_id] for one in queries.substitutions(session, panel.id)}


def hearing_rows(session: Session, ruleset: RuleSet, panel: PanelSession) -> list[HearingRow]:
    """Return the hearings of a panel in their order: queries do not grow with hearings."""
    ids = [hearing.id for hearing in panel.hearings]
    people = {
        one.id: one
        for one in registration.candidates(session, panel.competition_id, vacancy_id=panel.vacancy_id)
    }
    gone, related = queries.absences(session, panel.id), relations.members(session, panel)
    happened, cast = queries.events(session, ids), queries.cast_counts(session, ids)
    keyed, counted = queries.keyings(session, ids), queries.counted_ballots(session, panel.hearings)
    pages = queries.pages_of(session, ids)
    may, called = admission.eligible(session, panel), turn.changes(session, ids)
    begins = turn.next_of(panel.hearings, happened, called, may)
    later_ones = turn.later_of(panel.hearings, happened, may)
    decided = outcomes.decided(session, panel)
    later = {hearing.repeats_id: hearing for hearing in panel.hearings if hearing.repeats_id is not None}
    return [
        _row(
            ruleset,
            panel,
            hearing,
            people[hearing.candidate_id],
            happened[hearing.id],
            later=later.get(hearing.id),
            entitled=seats.hears(panel, hearing, gone, related.get(hearing.candidate_id, frozenset())),
            cast=cast.get(hearing.id, 0),
            keyed=keyed.get(hearing.id, []),
            counted=counted.get(hearing.id),
            page=pages.get(hearing.id),
            decided=decided.get(hearing.id, ()),
            stands_later=hearing.id in later_ones,
            may_begin=hearing.id in begins,
            has_left=hearing.candidate_id not in may,
            change=called.get(hearing.id),
        )
        for hearing in panel.hearings
    ]


def admitted(session: Session, panel: PanelSession) -> list[CandidateEntry]:
    """Return who may be heard as far as is known, by number."""
    may = admission.eligible(session, panel)
    people = registration.candidates(session, panel.competition_id, vacancy_id=panel.vacancy_id)
    return [one for one in people if one.id in may]


def _place(
    vacancy: Vacancy,
    part: Part,
    panel: PanelSession | None,
    happened: Mapping[int, Mapping[str, HearingEvent]],
) -> PanelPlace:
    hearings = panel.hearings if panel is not None else []
    over = sum(not happened[hearing.id].keys().isdisjoint(seats.ENDED) for hearing in hearings)
    return PanelPlace(vacancy=vacancy, part=part, panel=panel, over=over)


def _row(
    ruleset: RuleSet,
    panel: PanelSession,
    hearing: Hearing,
    candidate: CandidateEntry,
    happened: Mapping[str, HearingEvent],
    *,
    later: Hearing | None,
    entitled: int,
    cast: int,
    keyed: Sequence[CountKeying],
    counted: Mapping[str, Any] | None,
    page: queries.BallotPage | None,
    decided: Sequence[Decision],
    stands_later: bool,
    may_begin: bool,
    has_left: bool,
    change: OrderChange | None,
) -> HearingRow:
    opened = happened.get("ballot_opened")
    return HearingRow(
        hearing=hearing,
        later=later,
        candidate=candidate,
        events=happened,
        entitled=int(opened.payload["issued"]) if opened is not None else entitled,
        cast=cast,
        keyed=len(keyed),
        differs=queries.differ(keyed),
        counted=counted,
        outcome=queries.result(ruleset, panel.part, counted, decided) if counted is not None else None,
        page=(page.paper_public_id, page.page) if page is not None else None,
        stands_later=stands_later,
        may_begin=may_begin,
        has_left=has_left,
        change=change,
    )
