# SPDX-License-Identifier: Apache-2.0
"""A sealed paper is corrected by two people; whoever sits with it reads the notice, and nobody before."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit.models import Leaf
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.core.triggers import PREFIX
from exam_portal.papers import correction_table, errata, errors, fsck, notices, opened
from exam_portal.papers.models import Paper, PaperErratum
from exam_portal.sittings.attempts import opened as shown
from exam_portal.sittings.attempts import queries as attempts
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    START,
    Board,
    a_board,
    a_competition,
    a_drawn,
    a_sealed,
    a_sitting,
    an_approved_bank,
    an_opened,
    asking,
)
from tests.portal.papers.walking import counted, sign_in
from tests.portal.sittings.attempts import builders as sitters
from tests.portal.sittings.attempts.builders import T0

NOTICE = "“2024” sửa thành “2025”."
WHY = "Văn bản gốc đúng: giữ nguyên đề."
TOLD: Mapping[str, Any] = {"words": NOTICE, "reason": "Luật đã sửa đổi"}


def _sealed(session: Session) -> tuple[Board, Paper]:
    board = a_board(session)
    competition = a_competition(session, board)
    paper = a_drawn(session, board, competition, an_approved_bank(session, board), asking(3, forms=2))
    return board, a_sealed(session, board, paper)


def _codes(session: Session) -> set[str]:
    return {each.code for each in fsck.differences(session)}


def test_a_correction_is_approved_by_another_and_read_by_whom_it_touches_once_the_paper_is_open(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        first, second = paper.forms
        erratum = errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
        assert notices.of_form(session, first.id) == []
        with pytest.raises(errors.OwnErratum):
            errata.approve(session, board.author, NOW, erratum=erratum)
        assert errata.approve(session, board.reviewer, NOW, erratum=erratum) == 2
        with pytest.raises(errors.ErratumApproved):
            errata.approve(session, board.approver, NOW, erratum=erratum)
        assert notices.of_form(session, first.id) == []  # sealed with the paper
        an_opened(session, board, paper)
        (notice,) = notices.of_form(session, first.id)
        assert (notice.words, notice.version) == (NOTICE, 2)
        assert notices.of_form(session, second.id) == []
        later = errata.propose(session, board.reviewer, START, paper=paper, forms=["101", "102"], **TOLD)
        assert errata.approve(session, board.author, START, erratum=later) == 3
        assert [each.version for each in notices.of_form(session, first.id)] == [2, 3]
        told = session.scalars(select(Leaf).where(Leaf.type == "papers.erratum").order_by(Leaf.id)).all()
        assert [leaf.content["hash"] for leaf in told] == [erratum.version_hash, later.version_hash]
        assert NOTICE not in str([leaf.content for leaf in told])
        assert not {"erratum", "version"} & _codes(session)


def test_only_a_sealed_paper_and_forms_that_it_has_are_corrected(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        for forms in ([], ["999"]):
            with pytest.raises(NotFound):
                errata.propose(session, board.author, NOW, paper=paper, forms=forms, **TOLD)
        other = a_drawn(
            session, board, a_competition(session, board, code="TT-7"), an_approved_bank(session, board)
        )
        with pytest.raises(errors.NotSealed):
            errata.propose(session, board.author, NOW, paper=other, forms=["101"], **TOLD)


@pytest.mark.engines("sqlite")
def test_the_check_names_a_notice_that_was_exchanged(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        erratum = errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
        errata.approve(session, board.reviewer, NOW, erratum=erratum)
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}paper_errata_update"))
        session.execute(text("UPDATE paper_errata SET sealed = x'00'"))
    with database.reading() as session:
        assert {"erratum", "version"} <= _codes(session)


@pytest.mark.engines("sqlite")
def test_the_pages_of_a_correction_show_its_words_to_the_board_alone_until_the_paper_is_open(
    app: Flask, database: Database, board: Board, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        paper = a_drawn(session, board, competition, an_approved_bank(session, board))
        a_sealed(session, board, paper)
        a_sitting(session, board, competition)
        place = f"/staff/competitions/{competition.public_id}/exam-papers/{paper.public_id}"
    author, reviewer = (sign_in(app, database, who) for who in (board.author, board.reviewer))
    chair = sign_in(app, database, board.house.chair)
    author.get(f"{place}/errata/new")
    author.post(f"{place}/errata/new", status=422, forms="101", words="", reason="x")
    author.post(f"{place}/errata/new", status=422, forms="101", question="Q-9999", **TOLD)
    for numbered in ("Câu 3: sửa", "Ở câu hỏi số 12", "In question 4"):  # another one for each candidate
        author.post(f"{place}/errata/new", status=422, forms="101", words=numbered, reason="x")
    author.post(f"{place}/errata/new", forms="101", **TOLD)
    with database.reading() as session:
        public_id = session.scalars(select(PaperErratum)).one().public_id
    approve = f"{place}/errata/{public_id}/approve"
    assert approve not in author.get(place)
    assert NOTICE not in chair.get(place)
    page = reviewer.get(place)
    assert NOTICE in page
    assert approve in page
    reviewer.post(approve)
    assert NOTICE not in chair.get(place)
    with database.writing(unhurried=True) as session:
        an_opened(session, board, session.get_one(Paper, paper.id))
    clock.set(START)
    chair = sign_in(app, database, board.house.chair, START)
    assert NOTICE in chair.get(place)
    chair.get(f"{place}/errata/{public_id}/withdraw", status=403)
    author = sign_in(app, database, board.author, START)
    author.get(f"{place}/errata/{public_id}/withdraw")
    author.post(f"{place}/errata/{public_id}/withdraw", status=422, words="")
    author.post(f"{place}/errata/{public_id}/withdraw", words=WHY)
    with database.reading() as session:
        undo = session.scalars(select(PaperErratum.public_id).order_by(PaperErratum.id.desc())).first()
    assert f"<del>{NOTICE}</del>" not in author.get(place)
    reviewer = sign_in(app, database, board.reviewer, START)
    assert f"{place}/errata/{undo}/approve" in reviewer.get(place)
    reviewer.post(f"{place}/errata/{undo}/approve")
    page = chair.get(place)
    assert f"<del>{NOTICE}</del>" in page
    assert WHY in page
    with database.writing(unhurried=True) as session:
        paper = session.get_one(Paper, paper.id)
        wrong = errata.propose(session, board.author, START, paper=paper, forms=["101"], **TOLD).public_id
    drop = f"{place}/errata/{wrong}/drop"
    assert drop not in chair.get(place)
    chair.post(drop, status=403)
    author = sign_in(app, database, board.author, START)
    assert drop in author.get(place)
    author.post(drop)
    assert drop not in author.get(place)
    author.post(drop, status=409)


def test_whoever_has_not_started_yet_reads_no_correction_of_the_opened_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        attempt, sitting = sitters.a_prepared_attempt(session)  # an earlier shift has opened the paper
        paper = session.get_one(Paper, sitting.paper_id)
        erratum = errata.propose(
            session,
            sitters.an_invigilator(session),
            T0,
            paper=paper,
            forms=[form.code for form in paper.forms],
            **TOLD,
        )
        errata.approve(session, sitters.an_invigilator(session), T0, erratum=erratum)
        assert len(notices.of_form(session, attempt.form_id)) == 1
        place = attempts.place_of(session, attempt.public_id)
        assert place is not None
        assert attempts.state_of(session, place, T0)["notices"] == []
        attempt.state, attempt.opens_at = "active", T0
        assert attempts.state_of(session, place, T0 - timedelta(seconds=1))["notices"] == []
        assert [one["words"] for one in attempts.state_of(session, place, T0)["notices"]] == [NOTICE]


@pytest.mark.engines("sqlite")
def test_a_screen_that_asks_again_costs_no_look_at_the_corrections(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        attempt, sitting = sitters.a_prepared_attempt(session)
        attempt.state, attempt.opens_at = "active", T0
        paper = session.get_one(Paper, sitting.paper_id)
        codes = [form.code for form in paper.forms]
        for _ in range(3):
            erratum = errata.propose(
                session, sitters.an_invigilator(session), T0, paper=paper, forms=codes, **TOLD
            )
            errata.approve(session, sitters.an_invigilator(session), T0, erratum=erratum)

    def asked() -> tuple[int, int]:
        with database.reading() as session, counted(database) as statements:
            place = attempts.place_of(session, attempt.public_id)
            assert place is not None
            shown = len(attempts.state_of(session, place, T0)["notices"])
        named = [one for one in statements if "paper_errata" in one or "key_releases" in one]
        return shown, len(named)

    shown, first = asked()
    assert (shown, first > 0) == (3, True)
    began = time.monotonic()
    while (again := asked()) != (3, 0):  # the second went by between the two
        assert time.monotonic() - began < 60, again


def test_a_withdrawn_correction_stays_and_is_told_with_the_reason_by_two_people(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        erratum = errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
        with pytest.raises(errors.NotWithdrawable):  # nobody has approved it
            errata.propose_withdrawal(session, board.author, NOW, erratum=erratum, words=WHY)
        errata.approve(session, board.reviewer, NOW, erratum=erratum)
        an_opened(session, board, paper)
        undo = errata.propose_withdrawal(session, board.author, START, erratum=erratum, words=WHY)
        form_id = paper.forms[0].id
        assert [each.withdrawn for each in notices.of_form(session, form_id)] == [""]
        with pytest.raises(errors.OwnErratum):
            errata.approve(session, board.author, START, erratum=undo)
        assert errata.approve(session, board.reviewer, START, erratum=undo) == 3
        first, second = notices.of_form(session, form_id)
        assert (first.words, first.withdrawn, first.is_withdrawal) == (NOTICE, WHY, False)
        assert (second.words, second.is_withdrawal) == (WHY, True)
        for row in (erratum, undo):
            with pytest.raises(errors.NotWithdrawable):
                errata.propose_withdrawal(session, board.author, START, erratum=row, words=WHY)
        leaf = session.scalars(select(Leaf).where(Leaf.type == "papers.erratum").order_by(Leaf.id)).all()[-1]
        assert leaf.content["withdraws"] == erratum.public_id
        assert WHY not in str(leaf.content)
        assert not {"erratum", "version"} & _codes(session)


def test_a_wrong_proposal_is_given_up_and_can_be_made_anew(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        wrong = errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
        errata.drop(session, board.reviewer, NOW, erratum=wrong)
        with pytest.raises(errors.ErratumDropped):
            errata.approve(session, board.reviewer, NOW, erratum=wrong)
        with pytest.raises(errors.ErratumDropped):
            errata.drop(session, board.author, NOW, erratum=wrong)
        right = errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
        assert errata.approve(session, board.reviewer, NOW, erratum=right) == 2
        with pytest.raises(errors.ErratumApproved):
            errata.drop(session, board.author, NOW, erratum=right)
        undo = errata.propose_withdrawal(session, board.author, NOW, erratum=right, words=WHY)
        errata.drop(session, board.author, NOW, erratum=undo)
        an_opened(session, board, paper)
        assert [each.withdrawn for each in notices.of_form(session, paper.forms[0].id)] == [""]
        again = errata.propose_withdrawal(session, board.author, NOW, erratum=right, words=WHY)
        assert errata.approve(session, board.reviewer, START, erratum=again) == 3
        states = {
            each.row.id: (each.is_waiting, each.withdrawn_by)
            for each in correction_table.rows(session, paper, may_read=True, is_open=True)
        }
        assert states == {
            wrong.id: (False, 0),
            right.id: (False, 3),
            undo.id: (False, 0),
            again.id: (False, 0),
        }
        assert not {"erratum", "version", "erratum dropped"} & _codes(session)


@pytest.mark.engines("sqlite")
def test_the_check_names_a_proposal_that_nobody_gave_up(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
    with database.writing() as session:
        session.execute(text("UPDATE paper_errata SET dropped_by = proposed_by, dropped_at = proposed_at"))
    with database.reading() as session:
        assert "erratum dropped" in _codes(session)


@pytest.mark.engines("sqlite")
def test_the_check_names_a_withdrawal_that_was_made_a_correction(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        erratum = errata.propose(session, board.author, NOW, paper=paper, forms=["101"], **TOLD)
        errata.approve(session, board.reviewer, NOW, erratum=erratum)
        undo = errata.propose_withdrawal(session, board.author, NOW, erratum=erratum, words=WHY)
        errata.approve(session, board.reviewer, NOW, erratum=undo)
    with database.writing() as session:
        session.execute(text(f"DROP TRIGGER {PREFIX}paper_errata_update"))
        session.execute(text("UPDATE paper_errata SET withdraws_id = NULL"))
    with database.reading() as session:
        assert {"erratum", "version"} <= _codes(session)


def test_a_question_that_the_bank_or_the_opened_forms_do_not_hold_is_refused(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board, paper = _sealed(session)
        told = {"paper": paper, "forms": ["101"], **TOLD}
        with pytest.raises(errors.NoSuchQuestion):
            errata.propose(session, board.author, NOW, question="Q-9999", **told)
        forms = [frozenset(each.id for each in opened._decrypt(session, one).items) for one in paper.forms]
        (elsewhere, *_) = sorted(forms[1] - forms[0])
        early = errata.propose(session, board.author, NOW, question=elsewhere, **told)  # tells nothing
        errata.approve(session, board.reviewer, NOW, erratum=early)
        an_opened(session, board, paper)
        assert notices.of_form(session, paper.forms[0].id) == []
        (row,) = correction_table.rows(session, paper, may_read=True, is_open=True)
        assert row.held_by == []
        with pytest.raises(errors.NoSuchQuestion):
            errata.propose(session, board.author, START, question=elsewhere, **told)
        errata.propose(session, board.author, START, question=min(forms[0]), **told)


def test_each_candidate_is_told_the_own_number_of_the_question(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        attempt, sitting = sitters.a_prepared_attempt(session)
        attempt.state, attempt.opens_at = "active", T0
        paper = session.get_one(Paper, sitting.paper_id)
        form = shown.form_of(session, attempt.form_id)
        order = shown.permutation_of(session, form, attempt)
        item = order.items[-1]
        erratum = errata.propose(
            session,
            sitters.an_invigilator(session),
            T0,
            paper=paper,
            forms=[each.code for each in paper.forms],
            question=item,
            **TOLD,
        )
        errata.approve(session, sitters.an_invigilator(session), T0, erratum=erratum)
        place = attempts.place_of(session, attempt.public_id)
        assert place is not None
        (told,) = attempts.state_of(session, place, T0)["notices"]
        delivered = {each["id"]: each for each in shown.delivered(form, order)}
        assert told["question"] == str(delivered[item]["number"])
