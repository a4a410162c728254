# SPDX-License-Identifier: Apache-2.0
"""What the lots did not foresee: candidates added and absent, hearings and ballots that are done again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from exam_portal.audit.models import Leaf
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, DecisionKind
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.interviews import admission, errors, presentation, queries, service
from exam_portal.interviews.models import Ballot, Hearing, Occasion, PanelSession
from exam_portal.registration import service as registration
from tests.portal.competitions.builders import a_signed
from tests.portal.interviews.builders import (
    HEARD,
    LOTS,
    Council,
    a_council,
    a_panel,
    a_sheet,
    balloting,
    count,
    drawn,
    key,
)

NEXT_DAY = HEARD + timedelta(days=1)
SEVEN_OF_NINE = a_sheet(9, 7, 3, ["80"] * 4)  # seven returned, three of them invalid: no quorum of six


def again(
    session: Session,
    council: Council,
    hearing: Hearing,
    occasion: Occasion = Occasion.REPEATED,
    now: datetime = NEXT_DAY,
) -> Hearing:
    """The council has decided on a signed paper that it is done again."""
    paper = a_signed(session, council.house, council.competition)
    return service.repeat_hearing(
        session, council.secretary, now, hearing=hearing, occasion=occasion, paper=paper
    )


def absent(session: Session, council: Council, hearing: Hearing, *witnesses: str, **facts: Any) -> None:
    """It is on record that the candidate did not come."""
    service.note_candidate_absent(
        session, council.secretary, HEARD, hearing=hearing, witnesses=witnesses, **facts
    )


def mark(session: Session, council: Council, panel: PanelSession, hearing: Hearing) -> str | None:
    """The mark of the hearing's candidate, from the ballots that count."""
    found = queries.panel_input(session, panel.vacancy_id, "programme").get(hearing.candidate_id)
    if found is None:
        return None
    rules = competitions.ruleset(council.competition)
    return str(queries.result(rules, "programme", found).mark)


def drawn_for(session: Session, council: Council, places: Sequence[int]) -> PanelSession:
    """Lots were drawn for these candidates only."""
    panel = a_panel(session, council)
    ids = [council.candidates[place].id for place in places]
    facts: dict[str, Any] = {**LOTS, "candidate_ids": ids}
    service.draw_lots(session, council.secretary, HEARD, panel=panel, **facts)
    return panel


def add(session: Session, council: Council, panel: PanelSession, place: int) -> Hearing:
    """A candidate admitted later is heard in addition."""
    return service.add_supplementary_hearing(
        session,
        council.secretary,
        NEXT_DAY,
        panel=panel,
        candidate=council.candidates[place],
        paper=a_signed(session, council.house, council.competition),
    )


def test_two_who_passed_after_a_review_are_both_heard_in_addition(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        everybody = frozenset(one.id for one in council.candidates)
        passed = [frozenset({council.candidates[0].id, council.candidates[1].id})]
        admission.known_by(lambda _session, _vacancy, _part: passed[0])
        panel = drawn_for(session, council, [0, 1])
        with pytest.raises(errors.CandidateNotAdmitted):
            add(session, council, panel, 2)
        passed[0] = everybody
        late = add(session, council, panel, 2)
        assert (late.order_no, late.occasion) == (3, "supplementary")


def test_two_raised_by_a_review_do_not_wait_for_each_other(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        first = council.candidates[0].id
        passed = [frozenset({first})]
        admission.known_by(lambda _session, _vacancy, _part: passed[0])
        panel = a_panel(session, council)
        session.add(
            Hearing(
                panel_id=panel.id,
                candidate_id=first,
                order_no=1,
                drawn_by=council.secretary.account_id,
                drawn_at=HEARD,
            )
        )
        session.flush()
        session.expire(panel, ["hearings"])
        passed[0] = frozenset(one.id for one in council.candidates)
        assert [add(session, council, panel, place).order_no for place in (1, 2)] == [2, 3]


def test_somebody_heard_who_left_keeps_nobody_from_being_added(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = drawn_for(session, council, [0, 1])
        admission.known_by(lambda _s, _v, _p: frozenset(one.id for one in council.candidates))
        registration.exclude_candidate(
            session, council.secretary, HEARD, council.candidates[0], status="withdrawn", reason="Ốm"
        )
        assert add(session, council, panel, 2).order_no == 3


def test_a_candidate_who_stays_away_is_absent_by_two_witnesses_or_a_paper_and_is_not_heard(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, y, z = drawn(session, council, panel)
        for witnesses in ((), ("Lê Văn A",), ("Lê Văn A", " Lê  Văn A ")):
            with pytest.raises(errors.AbsenceUnproven):
                absent(session, council, x, *witnesses)
        absent(session, council, x, "Lê Văn A", "Trần Thị B")
        absent(session, council, y, paper=a_signed(session, council.house, council.competition))
        assert queries.absent_candidates(session, council.competition.id) == {
            x.candidate_id,
            y.candidate_id,
        }
        with pytest.raises(StaleState):
            absent(session, council, x, "Lê Văn A", "Trần Thị B")
        for act in (service.open_hearing, service.open_ballot):
            with pytest.raises(errors.CandidateAbsent):
                act(session, council.secretary, HEARD, hearing=x)
        balloting(session, council, z)
        with pytest.raises(errors.CandidateHeard):
            absent(session, council, z, "Lê Văn A", "Trần Thị B")
        leaf = session.query(Leaf).filter_by(type="interviews.candidate_absent").order_by(Leaf.id).first()
        assert leaf is not None
        assert (leaf.content["candidate"], leaf.content["witnesses"]) == ("001", 2)
        assert "Lê Văn A" not in str(leaf.content)


def test_an_absent_candidate_is_heard_later_on_a_decision_and_then_is_not_absent(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x = drawn(session, council, panel)[0]
        absent(session, council, x, "Lê Văn A", "Trần Thị B")
        with pytest.raises(errors.NothingToRepeat):
            again(session, council, x, Occasion.SECOND_BALLOT)
        later = again(session, council, x)
        assert queries.absent_candidates(session, council.competition.id) == frozenset()
        count(session, council, later, a_sheet(9, 9, 0, ["80"] * 9))
        assert mark(session, council, panel, x) == "80.00"


def test_a_quorum_lost_at_the_count_is_mended_by_a_second_ballot_and_both_are_kept(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x = drawn(session, council, panel)[0]
        facts: dict[str, Any] = {"panel": panel, "hearing": x, "reason": "Đến muộn"}
        service.note_absence(session, council.secretary, HEARD, member=panel.members[0], **facts)
        count(session, council, x, a_sheet(8, 7, 3, ["80"] * 4))
        assert mark(session, council, panel, x) == "None"
        second = again(session, council, x, Occasion.SECOND_BALLOT)
        assert (second.order_no, second.repeats_id) == (4, x.id)
        assert (
            mark(session, council, panel, x) is None
        )  # the earlier ballots count no more, the later not yet
        assert len(queries.entitled(session, second)) == 8  # who missed the hearing does not vote on it
        with pytest.raises(errors.CandidateHeard):
            absent(session, council, second, "Lê Văn A", "Trần Thị B")
        service.open_ballot(session, council.secretary, NEXT_DAY, hearing=second)
        sheet = a_sheet(8, 8, 0, ["84"] * 8)
        for typist in (0, 1):
            key(session, council, typist, second, sheet)
        assert mark(session, council, panel, x) == "84.00"
        assert session.query(Ballot).filter_by(hearing_id=x.id).count() == 4
        assert queries.ballot_pages(session, panel.vacancy_id, "programme")[x.candidate_id].page == 4
        assert queries.pages_of(session, [x.id])[x.id].page == 1
        with pytest.raises(errors.HearingRepeated):
            again(session, council, x)


def test_a_repeated_hearing_is_for_all_members_even_who_missed_the_first_day(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x = drawn(session, council, panel)[0]
        away: dict[str, Any] = {"panel": panel, "reason": "Ốm", "hearing": None}
        service.note_absence(session, council.secretary, HEARD, member=panel.members[0], **away)
        count(session, council, x, a_sheet(8, 7, 3, ["80"] * 4))
        later = again(session, council, x)
        assert (len(queries.entitled(session, x)), len(queries.entitled(session, later))) == (8, 9)


def test_a_hearing_with_its_mark_is_not_repeated(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council))
        count(session, council, x, a_sheet(9, 9, 0, ["80"] * 9))
        for hearing in (x, y):
            with pytest.raises(errors.NothingToRepeat):
                again(session, council, hearing)


@pytest.mark.parametrize(
    ("kind", "ballot", "made"),
    [(DecisionKind.PANEL_KEEP, {}, "76.67"), (DecisionKind.PANEL_EXCLUDE, {"ballot": "9"}, "80.00")],
)
def test_a_mark_that_the_council_made_of_deviating_ballots_is_not_repeated(
    database: Database, kind: DecisionKind, ballot: dict[str, str], made: str
) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, deviation="panel_meets")
        panel = a_panel(session, council)
        x, y, _ = drawn(session, council, panel)
        for hearing in (x, y):
            count(session, council, hearing, a_sheet(9, 9, 0, ["80"] * 8 + ["50"]))
        course.record_decision(
            session,
            council.secretary,
            NEXT_DAY,
            session.get_one(Competition, council.competition.id),
            kind=kind,
            payload={"candidate": "001", "part": "programme", **ballot},
            paper=a_signed(session, council.house, council.competition),
            page=1,
            vacancy=council.vacancy,
        )
        competition = session.get_one(Competition, council.competition.id)
        rows = presentation.hearing_rows(session, competitions.ruleset(competition), panel)
        assert [str(row.outcome.mark) for row in rows if row.outcome] == [made, "None"]
        assert [row.may_be_repeated for row in rows] == [False, True, False]
        with pytest.raises(errors.NothingToRepeat):
            again(session, council, x, Occasion.SECOND_BALLOT)
        second = again(session, council, y, Occasion.SECOND_BALLOT)
        assert second.repeats_id == y.id


def broken_off(session: Session, council: Council, hearing: Hearing) -> None:
    """The council's minute says that the hearing ended without a ballot."""
    paper = a_signed(session, council.house, council.competition)
    service.break_off_hearing(session, council.secretary, HEARD, hearing=hearing, paper=paper)


def test_a_hearing_that_lost_its_quorum_is_broken_off_the_next_begins_and_it_is_held_anew(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, y, _ = drawn(session, council, panel)
        with pytest.raises(errors.NothingToBreakOff):
            broken_off(session, council, x)
        service.open_hearing(session, council.secretary, HEARD, hearing=x)
        for member in panel.members[:4]:
            service.note_absence(
                session, council.secretary, HEARD, panel=panel, member=member, hearing=x, reason="Ốm"
            )
        with pytest.raises(errors.QuorumMissing):
            service.open_ballot(session, council.secretary, HEARD, hearing=x)
        with pytest.raises(errors.HearingUnderWay):
            service.open_hearing(session, council.secretary, HEARD, hearing=y)
        broken_off(session, council, x)
        with pytest.raises(StaleState):
            broken_off(session, council, x)
        for act in (service.open_hearing, service.open_ballot):
            with pytest.raises(errors.HearingBrokenOff):
                act(session, council.secretary, HEARD, hearing=x)
        with pytest.raises(errors.HearingBrokenOff):
            absent(session, council, x, paper=a_signed(session, council.house, council.competition))
        count(session, council, y, a_sheet(9, 9, 0, ["80"] * 9))
        with pytest.raises(errors.NothingToRepeat):
            again(session, council, x, Occasion.SECOND_BALLOT)
        later = again(session, council, x)
        count(session, council, later, a_sheet(9, 9, 0, ["84"] * 9))
        assert mark(session, council, panel, x) == "84.00"
        leaf = session.query(Leaf).filter_by(type="interviews.broken_off").one()
        assert (leaf.content["hearing"], leaf.content["candidate"]) == (x.public_id, "001")


def test_a_hearing_whose_slips_are_out_is_not_broken_off(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x, y, _ = drawn(session, council, a_panel(session, council))
        balloting(session, council, x)
        absent(session, council, y, "Lê Văn A", "Trần Thị B")
        for hearing in (x, y):
            with pytest.raises(errors.NothingToBreakOff):
                broken_off(session, council, hearing)


def test_a_second_ballot_that_cannot_be_given_gives_way_to_another_hearing(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x = drawn(session, council, panel)[0]
        count(session, council, x, SEVEN_OF_NINE)
        second = again(session, council, x, Occasion.SECOND_BALLOT)
        broken_off(session, council, second)
        with pytest.raises(errors.HearingBrokenOff):
            service.open_ballot(session, council.secretary, NEXT_DAY, hearing=second)
        later = again(session, council, second)
        balloting(session, council, later)
        for typist in (0, 1):
            key(session, council, typist, later, a_sheet(9, 9, 0, ["84"] * 9), page=4)
        assert mark(session, council, panel, x) == "84.00"


def test_who_has_left_is_not_heard_again(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        x = drawn(session, council, a_panel(session, council))[0]
        count(session, council, x, SEVEN_OF_NINE)
        registration.exclude_candidate(
            session, council.secretary, HEARD, council.candidates[0], status="withdrawn", reason="Ốm"
        )
        with pytest.raises(errors.CandidateNotAdmitted):
            again(session, council, x)
