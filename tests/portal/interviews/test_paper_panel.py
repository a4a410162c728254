# SPDX-License-Identifier: Apache-2.0
"""The panel on paper: lots, attendance, counting sheets keyed twice, the figures of a council of nine."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from exam_portal.accounts.models import Account
from exam_portal.competitions import queries as competitions
from exam_portal.competitions import service as course
from exam_portal.competitions.models import Competition, DecisionKind, Relation
from exam_portal.core import triggers
from exam_portal.core.database import Database
from exam_portal.core.errors import DomainError, StaleState
from exam_portal.interviews import errors, hearings_against_record, lots, queries, service
from exam_portal.interviews.ballots import CountingSheet
from exam_portal.interviews.models import Ballot, CountKeying
from scoring.marks import read_marks
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
    declared,
    drawn,
    key,
)


def test_one_absent_all_day_and_one_late_leave_seven_ballots_that_make_84(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x, y, z = drawn(session, council, panel)
        away: dict[str, Any] = {"panel": panel, "reason": "Công tác"}
        service.note_absence(session, council.secretary, HEARD, member=panel.members[8], hearing=None, **away)
        service.note_absence(session, council.secretary, HEARD, member=panel.members[7], hearing=x, **away)
        count(session, council, x, a_sheet(7, 7, 0, ["84", "86", "80", "88", "85", "83", "82"]))
        count(session, council, y, a_sheet(8, 8, 1, ["90", "78", "84", "80", "86", "88", "82"]))
        count(session, council, z, a_sheet(8, 8, 0, ["80"] * 8))
        found = queries.panel_input(session, panel.vacancy_id, "programme")
        rules = competitions.ruleset(council.competition)
        marks = [queries.result(rules, "programme", found[one.candidate_id]).mark for one in (x, y, z)]
        assert marks == [Decimal("84.00"), Decimal("84.00"), Decimal("80.00")]
        first = found[x.candidate_id]
        assert (first["issued"], first["returned"], first["invalid"]) == (7, 7, 0)
        assert first["ballots"][0] == {"slip": "1", "value": "84"}
        pages = queries.ballot_pages(session, panel.vacancy_id, "programme")
        assert (pages[y.candidate_id].paper_public_id, pages[y.candidate_id].page) == (
            council.sheets.public_id,
            2,
        )


def test_size_and_quorum_are_those_of_the_frozen_rules(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=7)
        with pytest.raises(errors.PanelSizeDiffers) as refused:
            drawn(session, council, panel)
        assert (refused.value.seated, refused.value.size) == (7, 9)
        for number in (8, 9):
            service.add_member(
                session, council.secretary, HEARD, panel=panel, name=f"Ủy viên {number}", duty="Ủy viên"
            )
        with pytest.raises(errors.RelationsOpen) as silent:
            drawn(session, council, panel)
        assert silent.value.positions == (8, 9)
        declared(session, council, panel)
        hearing = drawn(session, council, panel)[0]
        for member in panel.members[:4]:
            service.note_absence(
                session, council.secretary, HEARD, panel=panel, member=member, hearing=None, reason="Ốm"
            )
        with pytest.raises(errors.QuorumMissing) as lacking:
            service.open_hearing(session, council.secretary, HEARD, hearing=hearing)
        assert (lacking.value.present, lacking.value.needed) == (5, 6)


def test_no_absence_is_noted_while_there_is_no_hearing_to_miss(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        away: dict[str, Any] = {"panel": panel, "member": panel.members[8], "hearing": None, "reason": "Ốm"}
        before, after = HEARD - timedelta(minutes=5), HEARD + timedelta(minutes=5)
        with pytest.raises(errors.AbsenceBeforeLots):  # it would have had no effect on what the lots bring
            service.note_absence(session, council.secretary, before, **away)
        hearing = drawn(session, council, panel)[0]
        service.note_absence(session, council.secretary, after, **away)
        assert [one.position for one in queries.entitled(session, hearing)] == list(range(1, 9))


def test_typists_who_differ_count_nothing_and_both_readings_stay(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        balloting(session, council, hearing)
        assert key(session, council, 0, hearing, a_sheet(9, 9, 0, ["80"] * 9)) is None
        assert key(session, council, 0, hearing, a_sheet(9, 9, 0, ["80"] * 9)) is None
        assert key(session, council, 1, hearing, a_sheet(9, 9, 0, ["80"] * 8 + ["88"])) is None
        assert queries.keyings_differ(session, hearing.id)
        assert queries.panel_input(session, hearing.panel.vacancy_id, "programme") == {}
        assert session.query(Ballot).count() == 0
        assert key(session, council, 1, hearing, a_sheet(9, 9, 0, ["80"] * 9)) is not None
        assert session.query(CountKeying).count() == 4
        with pytest.raises(errors.AlreadyCounted):
            key(session, council, 0, hearing, a_sheet(9, 9, 0, ["80"] * 9))


def _with_last(**facts: Any) -> CountingSheet:
    """Nine slips of eighty, of which the last is different."""
    sheet = a_sheet(9, 9, 0, ["80"] * 9)
    return replace(sheet, slips=[*sheet.slips[:-1], replace(sheet.slips[-1], **facts)])


_SCORES = {"build": Decimal(30), "defend": Decimal(25), "answer": Decimal(25)}


@pytest.mark.parametrize(
    ("sheet", "reason", "facts"),
    [
        (a_sheet(8, 8, 0, ["80"] * 8), errors.CountsDisagree, {"issued": 8, "entitled": 9}),
        (a_sheet(9, 10, 0, ["80"] * 10), errors.CountsDisagree, {"returned": 10, "issued": 9}),
        (a_sheet(9, 7, 0, ["80"] * 5), errors.CountsDisagree, {"returned": 7, "invalid": 0, "marks": 5}),
        (a_sheet(9, 8, 1, ["80"] * 8), errors.CountsDisagree, {"invalid": 1, "marks": 8}),
        (a_sheet(9, 8, 9, []), errors.CountsDisagree, {"invalid": 9}),
        (a_sheet(9, 5, 0, ["80"] * 5), errors.BoxStaysClosed, {"returned": 5, "needed": 6}),
        (a_sheet(9, 5, 1, []), errors.BoxStaysClosed, {"returned": 5}),
        (_with_last(slip="1"), errors.SlipTwice, {"slip": "1"}),
        (
            _with_last(value=None, scores={"build": Decimal(30), "answer": Decimal(25)}),
            errors.CriteriaMissing,
            {"missing": ("defend",)},
        ),
        (_with_last(value=None), errors.CriteriaMissing, {"missing": ("build", "defend", "answer")}),
        (
            _with_last(scores=_SCORES, value=Decimal(81)),
            errors.TotalDiffers,
            {"written": "81", "total": "80"},
        ),
        (
            _with_last(value=None, scores={**_SCORES, "build": Decimal("40.5")}),
            errors.BallotOffStep,
            {"value": "40.5", "maximum": "40"},
        ),
        (_with_last(value=Decimal("100.5")), errors.BallotOffStep, {"value": "100.5", "maximum": "100"}),
        (_with_last(value=Decimal("80.25")), errors.BallotOffStep, {"value": "80.25", "step": "0.5"}),
        (_with_last(value=Decimal(-1)), errors.BallotOffStep, {"value": "-1"}),
    ],
)
def test_a_wrong_sheet_is_refused_with_its_reason_and_nothing_of_it_is_kept(
    database: Database,
    council: Council,
    sheet: CountingSheet,
    reason: type[DomainError],
    facts: dict[str, Any],
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        balloting(session, council, hearing)
        with pytest.raises(reason) as refused:
            key(session, council, 0, hearing, sheet)
        assert {name: getattr(refused.value, name) for name in facts} == facts
        assert session.query(CountKeying).count() == session.query(Ballot).count() == 0


def test_below_the_quorum_a_paper_box_stays_closed_and_only_its_counts_are_kept(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        x = drawn(session, council, panel)[0]
        balloting(session, council, x)
        assert key(session, council, 0, x, a_sheet(9, 5, 0, [])) is None
        event = key(session, council, 1, x, a_sheet(9, 5, 0, []))
        assert event is not None
        assert (event.kind, event.payload) == ("box_unopened", {"issued": 9, "returned": 5, "needed": 6})
        with pytest.raises(errors.AlreadyCounted):
            key(session, council, 0, x, a_sheet(9, 9, 0, ["80"] * 9))
        found = queries.panel_input(session, panel.vacancy_id, "programme")[x.candidate_id]
        read_marks(
            {
                "schema": "exam-portal/marks/1",
                "vacancy": {"id": "V", "places": 1},
                "candidates": [{"id": "C", "status": "present", "parts": {"programme": found}}],
                "decisions": [],
            },
            competitions.ruleset(council.competition),
        )


def test_attendance_is_fixed_once_slips_are_out(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, _ = drawn(session, council, panel)
        with pytest.raises(errors.HearingNotOpen):
            service.open_ballot(session, council.secretary, HEARD, hearing=first)
        balloting(session, council, first)
        facts: dict[str, Any] = {"panel": panel, "member": panel.members[0], "reason": "Về sớm"}
        for missed in (first, None):
            with pytest.raises(errors.AttendanceFixed):
                service.note_absence(session, council.secretary, HEARD, hearing=missed, **facts)
        service.note_absence(session, council.secretary, HEARD, hearing=second, **facts)
        with pytest.raises(StaleState):
            service.note_absence(session, council.secretary, HEARD, hearing=second, **facts)
        with pytest.raises(StaleState):
            service.open_ballot(session, council.secretary, HEARD, hearing=first)


def test_a_page_holds_the_sheet_of_one_hearing(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        first, second, _ = drawn(session, council, a_panel(session, council))
        count(session, council, first, a_sheet(9, 9, 0, ["80"] * 9))
        balloting(session, council, second)
        with pytest.raises(errors.PageUsed):
            key(session, council, 0, second, a_sheet(9, 9, 0, ["80"] * 9), page=1)


def test_lots_drawn_here_follow_from_the_bound_half_and_the_words_and_can_be_drawn_again(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        commitment = panel.lot_commitment
        with pytest.raises(errors.WitnessMissing):
            service.draw_lots(session, council.secretary, HEARD, panel=panel, witnesses=" ", words="mai")
        with pytest.raises(errors.WordsMissing):
            service.draw_lots(session, council.secretary, HEARD, panel=panel, witnesses="Lê Văn A", words=" ")
        hearings = service.draw_lots(session, council.secretary, HEARD, panel=panel, **LOTS)
        draw = queries.draw(session, panel.id)
        assert draw is not None
        order = [one.candidate_id for one in hearings]
        secret = bytes.fromhex(draw.secret)
        assert hashlib.sha256(b"exam/draw-secret/v1" + secret).hexdigest() == commitment.removeprefix(
            "sha256:"
        )
        seed = hmac.digest(secret, b"exam/draw/v1\0" + LOTS["words"].encode(), "sha256").hex()
        ids = sorted(candidate.id for candidate in council.candidates)
        places = {
            one: hashlib.sha256(f"exam/lots/v1|{seed}|{place}".encode()).digest()
            for place, one in enumerate(ids)
        }
        assert order == sorted(ids, key=places.__getitem__)
        with pytest.raises(errors.LotsDrawn):
            service.draw_lots(session, council.secretary, HEARD, panel=panel, **LOTS)
        with pytest.raises(errors.MembersFixed):
            service.add_member(session, council.secretary, HEARD, panel=panel, name="X", duty="Y")


def test_other_words_give_another_seed_and_another_panel_another_half(
    database: Database, council: Council
) -> None:
    with database.reading() as session:
        halves = [lots.bound_half(session, panel) for panel in ("a" * 26, "b" * 26)]
    assert len({lots.seed(half, words) for half in halves for words in ("hoa sen, 27", "hoa sen, 28")}) == 4
    assert lots.seed(halves[0], " hoa  sen ") == lots.seed(halves[0], "hoa sen")


@pytest.mark.parametrize(
    "changed", ["words = 'khác'", "secret = substr(secret, 3) || substr(secret, 1, 2)", "seed = secret"]
)
def test_a_lot_whose_halves_do_not_give_its_seed_is_named(
    database: Database, council: Council, changed: str
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        service.draw_lots(session, council.secretary, HEARD, panel=panel, **LOTS)
        assert list(hearings_against_record.differences(session)) == []
        triggers.remove(session.connection())
        session.execute(text(f"UPDATE lot_draws SET {changed}"))
        session.expire_all()
        assert "lots" in {one.code for one in hearings_against_record.differences(session)}


def test_one_candidate_left_stops_until_the_council_has_decided_to_go_on(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        facts: dict[str, Any] = {**LOTS, "candidate_ids": [council.candidates[0].id]}
        with pytest.raises(errors.BelowMinimum) as stopped:
            service.draw_lots(session, council.secretary, HEARD, panel=panel, **facts)
        assert (stopped.value.admitted, stopped.value.minimum) == (1, 2)
        course.record_decision(
            session,
            council.secretary,
            HEARD,
            session.get_one(Competition, council.competition.id),
            kind=DecisionKind.PROCEED,
            payload={},
            paper=a_signed(session, council.house, council.competition),
            page=1,
            vacancy=council.vacancy,
        )
        assert len(service.draw_lots(session, council.secretary, HEARD, panel=panel, **facts)) == 1


def test_the_gate_before_is_unmasked_first(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, unmasked=False)
        with pytest.raises(errors.GateOpen):
            drawn(session, council, a_panel(session, council))


def test_a_candidate_admitted_later_is_heard_in_addition(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        early = [candidate.id for candidate in council.candidates[:2]]
        service.draw_lots(session, council.secretary, HEARD, panel=panel, **LOTS, candidate_ids=early)
        paper = a_signed(session, council.house, council.competition)
        hearing = service.add_supplementary_hearing(
            session, council.secretary, HEARD, panel=panel, candidate=council.candidates[2], paper=paper
        )
        assert (hearing.order_no, hearing.occasion) == (3, "supplementary")
        with pytest.raises(errors.CandidateNotAdmitted):
            service.add_supplementary_hearing(
                session, council.secretary, HEARD, panel=panel, candidate=council.candidates[2], paper=paper
            )


def test_a_member_with_a_declared_relation_is_not_seated(database: Database, council: Council) -> None:
    from exam_portal.competitions.models import ConflictOfInterest

    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, members=0)
        account = session.get_one(Account, council.members[0].account_id)
        session.add(
            ConflictOfInterest(
                competition_id=council.competition.id,
                account_id=account.id,
                candidate_account_id=council.candidates[0].account_id,
                relation="line_manager",
                declared_by=account.id,
                declared_at=HEARD,
            )
        )
        session.flush()
        facts: dict[str, Any] = {"panel": panel, "name": "A", "duty": "B"}
        with pytest.raises(errors.MemberHasConflict):
            service.add_member(session, council.secretary, HEARD, account_id=account.id, **facts)
        other = council.members[1].account_id
        service.add_member(session, council.secretary, HEARD, account_id=other, **facts)
        with pytest.raises(errors.SeatedBefore):
            service.add_member(session, council.secretary, HEARD, account_id=other, **facts)
        with pytest.raises(errors.SeatedBefore):  # a second slip under the same name
            service.add_member(session, council.secretary, HEARD, panel=panel, name=" a ", duty="B")


def test_a_panel_that_votes_in_the_portal_seats_nobody_without_an_account(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council, mode="portal", members=0)
        with pytest.raises(errors.AccountNeeded):
            service.add_member(session, council.secretary, HEARD, panel=panel, name="A", duty="B")


def test_a_named_ballot_of_a_related_member_is_not_counted_and_each_bears_its_own_member(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        council = a_council(session, ballot="named")
        panel = a_panel(session, council, members=0)
        for number, actor in enumerate(council.members, start=1):
            service.add_member(
                session,
                council.secretary,
                HEARD,
                panel=panel,
                name=f"Ủy viên {number}",
                duty="Ủy viên",
                account_id=actor.account_id,
            )
        declared(session, council, panel)
        hearing = drawn(session, council, panel)[0]
        course.declare_conflict(
            session,
            council.members[0],
            HEARD,
            session.get_one(Competition, council.competition.id),
            account_id=council.members[0].account_id or 0,
            candidate_account_id=council.candidates[0].account_id,
            relation=Relation.SIBLING,
        )
        balloting(session, council, hearing)
        places = [str(place) for place in range(2, 10)]
        assert queries.slips(session, hearing, named=True) == places
        assert queries.slips(session, hearing, named=False) == [str(number) for number in range(1, 9)]
        wrong = a_sheet(8, 8, 0, ["100", *["60"] * 7])  # under places 1 to 8
        with pytest.raises(errors.NoSlip):
            key(session, council, 0, hearing, wrong)
        right = replace(
            wrong,
            slips=[replace(one, slip=place) for one, place in zip(wrong.slips, places, strict=True)],
        )
        assert key(session, council, 0, hearing, right) is None
        assert key(session, council, 1, hearing, right) is not None
        rows = session.scalars(select(Ballot).where(Ballot.hearing_id == hearing.id))
        seats = {member.id: str(member.position) for member in panel.members}
        assert {row.slip: seats[row.member_id or 0] for row in rows} == {place: place for place in places}


@pytest.mark.parametrize("slip", ["", " ", "1 ", "\u200b"])
def test_a_slip_without_a_number_that_can_be_found_again_is_refused(
    database: Database, council: Council, slip: str
) -> None:
    with database.writing(unhurried=True) as session:
        hearing = drawn(session, council, a_panel(session, council))[0]
        balloting(session, council, hearing)
        sheet = a_sheet(9, 9, 0, ["80"] * 9)
        blank = replace(sheet, slips=[replace(sheet.slips[0], slip=slip), *sheet.slips[1:]])
        with pytest.raises(errors.SlipWithoutNumber):
            key(session, council, 0, hearing, blank)
