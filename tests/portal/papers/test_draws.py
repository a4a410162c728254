# SPDX-License-Identifier: Apache-2.0
"""A draw: its seed committed to before witnesses add their words, run by the worker, watched, repeated."""

import random
import time
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from exam_portal import background
from exam_portal.audit.models import Leaf
from exam_portal.competitions.models import Competition
from exam_portal.core import outbox
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.triggers import PREFIX
from exam_portal.items.models import ItemBank
from exam_portal.papers import draw_job, draw_queries, drawing, draws, errors, fsck, opened, preparing
from exam_portal.papers.asked import Asked
from exam_portal.papers.draw_queries import DrawStage
from exam_portal.papers.models import (
    DrawOutcome,
    Paper,
    PaperDraw,
    PaperDrawProgress,
    PaperDrawRun,
)
from question_bank import assembly, draw_seed
from question_bank.blueprint import Difficulty
from tests.portal.competitions.builders import NOW
from tests.portal.competitions.pages import At
from tests.portal.papers.builders import (
    Board,
    a_board,
    a_choice,
    a_competition,
    a_drawn,
    a_sealed,
    an_approved_bank,
    an_opened,
    asking,
    fill,
)
from tests.portal.papers.test_at_once import at_once
from tests.portal.papers.walking import sign_in

SUMS = [f"0.{7 * each + 1}" for each in random.Random(5).sample(range(30_000, 110_000), 30)]
WORDS: dict[str, Any] = {"witnesses": "Nguyễn Văn An", "words": "4711 sông Hồng"}


def a_preparation(
    session: Session,
    board: Board,
    competition: Competition,
    bank: ItemBank,
    asked: Asked,
    kind: str = "official",
) -> PaperDraw:
    """The draw of the written part's paper, prepared over the bank as it is."""
    return draws.prepare(
        session,
        board.author,
        NOW,
        competition=competition,
        part="written",
        kind=kind,
        bank=bank,
        asked=asked,
        committed=draws.commit(session.keys, asked, kind),
        pool=preparing.pool(session, bank, NOW.date(), written=False),
        ready_from=None,
    )


def carry_out(database: Database, draw: PaperDraw) -> PaperDrawRun:
    """The worker has done what waits; return the last run."""
    background.load_handlers()
    with database.reading() as session:
        rows = session.scalars(select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == draws.JOB)).all()
    for row_id in rows:
        outbox.perform(database, row_id, lambda: NOW)
    with database.reading() as session:
        return draws.runs(session, draw)[-1]


def _scene(database: Database, asked: Asked, items: int = 10) -> tuple[Board, PaperDraw]:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board, [a_choice(n) for n in range(1, items + 1)])
        draw = a_preparation(session, board, a_competition(session, board), bank, asked)
        return board, draw


def _begun(database: Database, board: Board, draw: PaperDraw) -> None:
    with database.writing() as session:
        draws.begin(session, board.author, NOW, draw=session.get_one(PaperDraw, draw.id), **WORDS)


def _leaf(session: Session, type_: str) -> Mapping[str, Any]:
    return session.scalars(select(Leaf).where(Leaf.type == type_)).one().content


def test_the_seed_is_committed_before_the_words_and_anybody_draws_the_same_paper_again(
    database: Database,
) -> None:
    board, draw = _scene(database, asking(2, forms=2, with_reserve=True))
    _begun(database, board, draw)
    run = carry_out(database, draw)
    assert run.outcome == DrawOutcome.DRAWN, run.findings
    with database.writing(unhurried=True) as session:
        prepared = _leaf(session, "papers.draw_prepared")
        begun = _leaf(session, "papers.draw_begun")
        papers = {paper.kind: paper for paper in session.scalars(select(Paper))}
        assert set(papers) == {"official", "reserve"} == set(prepared["seeds"])
        held: dict[str, frozenset[str]] = {}
        for kind, paper in papers.items():
            secret = drawing.secret_of(session.keys, paper.forms[0].key_id)
            assert prepared["seeds"][kind] == draw_seed.commitment(secret)
            seed = draw_seed.seed(secret, begun["words"])
            told = session.scalars(
                select(Leaf).where(Leaf.type == "paper-commit", Leaf.subject == paper.public_id)
            ).one()
            assert told.content["seed"] == draw_seed.seed_commitment(seed)
            assert told.content["draw"] == draw.public_id
            held[kind] = opened.items_of(session, paper)
        assert not held["official"] & held["reserve"]
        official = papers["official"]
        a_sealed(session, board, official)
        an_opened(session, board, official)
        bank = session.scalars(select(ItemBank)).one()
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        secret = drawing.secret_of(session.keys, official.forms[0].key_id)
        number = draw_seed.number(draw_seed.seed(secret, begun["words"]))
        again = assembly.assemble(pool.items, preparing.blueprint_of(asking(2, forms=2)), 2, number)
        forms = [opened.opened_form(session, form.id) for form in official.forms]
        assert [form.items for form in again.forms] == [tuple(i.id for i in form.items) for form in forms]
        assert [each.code for each in fsck.differences(session) if each.code.startswith("draw")] == []


def test_two_clicks_do_not_draw_twice_and_words_are_said_once(database: Database) -> None:
    board, draw = _scene(database, asking(3))

    def begin(session: Session) -> None:
        draws.begin(session, board.author, NOW, draw=session.get_one(PaperDraw, draw.id), **WORDS)

    refusals = at_once(database, begin, begin)
    assert [type(each) for each in refusals] == [errors.DrawBegun]
    assert carry_out(database, draw).outcome == DrawOutcome.DRAWN
    with database.writing() as session:
        assert session.scalar(select(func.count()).select_from(Paper)) == 1
        found = session.get_one(PaperDraw, draw.id)
        with pytest.raises(errors.NotRepeatable):
            draws.repeat(session, board.author, NOW, draw=found)
        with pytest.raises(errors.DrawBegun):
            draws.begin(session, board.author, NOW, draw=found, witnesses="Khác", words="khác hẳn")


def test_a_draw_is_begun_before_named_witnesses_with_words_and_not_after_another_was_prepared(
    database: Database,
) -> None:
    board, draw = _scene(database, asking(3))
    with database.writing() as session:
        found = session.get_one(PaperDraw, draw.id)
        with pytest.raises(errors.NoWitness):
            draws.begin(session, board.author, NOW, draw=found, witnesses="  ", words="4711")
        with pytest.raises(errors.WordsTooShort):
            draws.begin(session, board.author, NOW, draw=found, witnesses="An", words=" 7 ")
        competition = session.get_one(Competition, draw.competition_id)
        bank = session.get_one(ItemBank, draw.bank_id)
        later = a_preparation(session, board, competition, bank, asking(4))
        with pytest.raises(errors.DrawSuperseded):
            draws.begin(session, board.author, NOW, draw=found, **WORDS)
        draws.begin(session, board.author, NOW, draw=later, **WORDS)
        with pytest.raises(errors.DrawRunning):
            a_preparation(session, board, competition, bank, asking(2))


def test_what_the_bank_lacks_is_told_and_nothing_is_kept(database: Database) -> None:
    asked = asking(5, bank_enemies=[("Q-0001", "Q-0002", "Q-0003", "Q-0004")], forms=2)
    board, draw = _scene(database, asked, items=11)  # counting alone does not show it
    _begun(database, board, draw)
    run = carry_out(database, draw)
    assert run.outcome == DrawOutcome.LACKING
    assert run.findings is not None
    assert run.findings["missing"][0]["need"] > run.findings["missing"][0]["have"]
    with database.writing() as session:
        assert session.scalar(select(func.count()).select_from(Paper)) == 0
        with pytest.raises(errors.NotRepeatable):
            draws.repeat(session, board.author, NOW, draw=session.get_one(PaperDraw, draw.id))


@pytest.mark.engines("sqlite")
def test_a_search_that_came_to_its_limit_is_not_told_as_lacking_and_not_repeated(
    app: Flask, database: Database, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("question_bank.assembly.forms.EFFORT", 1)
    hard = [
        a_choice(number, difficulty=each) for number, each in enumerate(SUMS, start=1)
    ]  # by their rest of 7
    with database.writing(unhurried=True) as session:
        bank = an_approved_bank(session, board, hard)
        mean = Difficulty(mean=Decimal("0.5"), tolerance=Decimal(0))
        competition = a_competition(session, board)
        draw = a_preparation(session, board, competition, bank, asking(13, difficulty=mean))
        address = f"/staff/competitions/{competition.public_id}/exam-papers/draws/{draw.public_id}"
    _begun(database, board, draw)
    run = carry_out(database, draw)
    assert (run.outcome, run.findings) == (DrawOutcome.LATE, {"reason": "NotFoundInTime"})
    page = sign_in(app, database, board.author).get(address)
    assert "không chứng tỏ là không có" in page
    assert f"{address}/repeat" not in page
    with database.writing() as session, pytest.raises(errors.NotRepeatable):
        draws.repeat(session, board.author, NOW, draw=session.get_one(PaperDraw, draw.id))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("PaperExists", "đã có đề"),
        ("NotApproved", "không còn trong số câu đã duyệt"),
        ("NotAnnounced", "thông báo"),
    ],
)
def test_a_run_that_was_refused_says_its_own_reason(
    app: Flask, database: Database, board: Board, reason: str, said: str
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        draw = a_preparation(session, board, competition, an_approved_bank(session, board), asking(3))
        address = f"/staff/competitions/{competition.public_id}/exam-papers/draws/{draw.public_id}"
    _begun(database, board, draw)
    with database.writing() as session:
        run = draws.runs(session, draw)[-1]
        draws.end(session, NOW, run=run, outcome=DrawOutcome.REFUSED, findings={"reason": reason})
    assert said in sign_in(app, database, board.author).get(address)


@pytest.mark.engines("sqlite")
def test_what_is_lacking_and_which_demand_bars_stand_on_the_page(
    app: Flask, database: Database, board: Board
) -> None:
    asked = asking(5, bank_enemies=[("Q-0001", "Q-0002", "Q-0003", "Q-0004")], forms=2)
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board, [a_choice(number) for number in range(1, 12)])
        draw = a_preparation(session, board, competition, bank, asked)
        address = f"/staff/competitions/{competition.public_id}/exam-papers/draws/{draw.public_id}"
    _begun(database, board, draw)
    findings = carry_out(database, draw).findings or {}
    assert [(each["need"], each["have"]) for each in findings["missing"]] == [(10, 9)]
    assert (findings["without"], findings["least"]) == (["sharing", "enemies"], True)
    page = sign_in(app, database, board.author).get(address)
    assert "cần tổng cộng 10 câu, chỉ xếp được 9; còn thiếu 1 câu" in page
    assert "các nhóm câu hỏi không được ở cùng một mã đề" in page


def test_a_bank_that_changed_after_the_seed_was_committed_to_is_not_drawn_from(database: Database) -> None:
    board, draw = _scene(database, asking(3))
    _begun(database, board, draw)
    with database.writing(unhurried=True) as session:
        fill(session, board, session.get_one(ItemBank, draw.bank_id), [a_choice(99)])
    assert carry_out(database, draw).outcome == DrawOutcome.CHANGED


def test_a_worker_that_died_is_seen_and_the_repeat_draws_the_same_paper(database: Database) -> None:
    board, draw = _scene(database, asking(3))
    _begun(database, board, draw)
    with database.writing() as session:  # the worker took the run on, and was never heard of again
        run = draws.runs(session, draw)[-1]
        session.add(PaperDrawProgress(run_id=run.id, step="forms", form=0, seen_at=NOW))
    with database.writing() as session:
        found = session.get_one(PaperDraw, draw.id)
        for seconds, stage in ((59, DrawStage.RUNNING), (61, DrawStage.SILENT)):
            assert draw_queries.standing(session, found, NOW + timedelta(seconds=seconds)).stage is stage
    assert carry_out(database, draw).outcome == DrawOutcome.DIED  # another worker was handed the same row
    with database.writing() as session:
        draws.repeat(session, board.author, NOW, draw=session.get_one(PaperDraw, draw.id))
    run = carry_out(database, draw)
    assert (run.number, run.outcome, run.words) == (2, DrawOutcome.DRAWN, WORDS["words"])
    with database.reading() as session:
        assert _leaf(session, "papers.draw_repeated")["run"] == 2
        codes = session.scalars(select(Leaf.type).where(Leaf.type == "papers.draw_ended")).all()
        assert len(codes) == 2
        assert [each.code for each in fsck.differences(session) if each.code.startswith("draw")] == []


def test_a_silent_run_is_given_up_at_once_and_what_it_still_brings_is_not_kept(database: Database) -> None:
    board, draw = _scene(database, asking(3))
    _begun(database, board, draw)
    with database.writing() as session:
        run = draws.runs(session, draw)[-1]
        session.add(PaperDrawProgress(run_id=run.id, step="forms", form=0, seen_at=NOW))
        session.flush()
        found = session.get_one(PaperDraw, draw.id)
        draws.stop(session, board.author, NOW, draw=found, is_silent=True)
        pool = preparing.pool(session, session.get_one(ItemBank, draw.bank_id), NOW.date(), written=False)
        late = preparing.draw(session, pool, asking(3), kind="official")
        draws.keep(session, NOW, run=run, asked=asking(3), draws=late)
        assert session.scalar(select(func.count()).select_from(Paper)) == 0
        assert run.outcome == DrawOutcome.DIED
        with pytest.raises(errors.NotRunning):
            draws.stop(session, board.author, NOW, draw=found, is_silent=True)


def test_a_run_ends_once_where_its_worker_ends_it_while_it_is_given_up(database: Database) -> None:
    board, draw = _scene(database, asking(3))
    _begun(database, board, draw)
    with database.writing() as session:
        run = draws.runs(session, draw)[-1]
        session.add(PaperDrawProgress(run_id=run.id, step="forms", form=0, seen_at=NOW))

    def end(session: Session) -> None:
        kept = session.get_one(PaperDrawRun, run.id, with_for_update=True)
        time.sleep(0.5)  # whoever gives the run up meanwhile waits for it
        draws.end(session, NOW, run=kept, outcome=DrawOutcome.LATE, findings={})

    def stop(session: Session) -> None:
        found = session.get_one(PaperDraw, draw.id)
        draws.stop(session, board.author, NOW, draw=found, is_silent=True)

    refusals = at_once(database, end, stop)
    assert {type(each) for each in refusals} <= {errors.NotRunning}
    with database.reading() as session:
        found = draws.runs(session, draw)[-1]
        assert _leaf(session, "papers.draw_ended")["outcome"] == found.outcome


def test_a_run_is_given_up_while_the_solver_is_at_work(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    board, draw = _scene(database, asking(3))
    _begun(database, board, draw)
    said = []

    def tell(watch: Any, told: assembly.Told) -> None:
        said.append(told.step)
        with database.writing() as session:
            draws.stop(session, board.author, NOW, draw=session.get_one(PaperDraw, draw.id), is_silent=False)

    monkeypatch.setattr(draw_job._Watch, "tell", tell)
    assert carry_out(database, draw).outcome == DrawOutcome.STOPPED
    assert said == ["forms"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Paper)) == 0


def test_the_reserve_drawn_later_has_no_question_of_the_official_paper(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board, [a_choice(n) for n in range(1, 12)])
        competition = a_competition(session, board)
        official = a_drawn(session, board, competition, bank, asking(5))
        draw = a_preparation(session, board, competition, bank, asking(5), "reserve")
    _begun(database, board, draw)
    assert carry_out(database, draw).outcome == DrawOutcome.DRAWN
    with database.reading() as session:
        papers = session.scalars(select(Paper)).all()
        first, second = (opened.items_of(session, paper) for paper in papers)
        assert len(first | second) == 10
        assert official.public_id in {paper.public_id for paper in papers}


def test_what_can_be_asked_beside_the_other_paper_does_not_depend_on_what_it_holds(
    database: Database,
) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board, [a_choice(n) for n in range(1, 12)])
        competition = a_competition(session, board)
        official = a_drawn(session, board, competition, bank, asking(5))
        held = opened.items_of(session, official)
        inside, outside = min(held), min({f"Q-{n:04d}" for n in range(1, 12)} - held)
        told = set()
        for left_out in (inside, outside):  # one more could be drawn of the rest, if this one is in the paper
            with pytest.raises(errors.BesideOther) as refused:
                a_preparation(
                    session, board, competition, bank, asking(5, left_out=(left_out,)), kind="reserve"
                )
            told.add(refused.value.missing)
            enemies = [(left_out, name) for name in (inside, outside) if name != left_out]
            with pytest.raises(errors.BesideOther):
                a_preparation(session, board, competition, bank, asking(5, enemies=enemies), "reserve")
            with pytest.raises(errors.NamedBesideOther):
                a_preparation(session, board, competition, bank, asking(2, included=(left_out,)), "reserve")
        assert len(told) == 1
        easy = Difficulty(mean=Decimal("0.5"), tolerance=Decimal("0.1"))
        with pytest.raises(errors.NamedBesideOther):
            a_preparation(session, board, competition, bank, asking(2, difficulty=easy), "reserve")
        for left_out in (inside, outside):
            a_preparation(session, board, competition, bank, asking(4, left_out=(left_out,)), "reserve")


def test_a_draw_that_was_counted_before_the_other_paper_came_is_not_begun(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board)
        competition = a_competition(session, board)
        draw = a_preparation(session, board, competition, bank, asking(6), "reserve")
        a_drawn(session, board, competition, bank, asking(5))
        with pytest.raises(errors.OtherPaperSince):
            draws.begin(session, board.author, NOW, draw=draw, **WORDS)


def test_a_draw_beside_another_paper_tells_no_number_of_what_is_lacking(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        bank = an_approved_bank(session, board)
        competition = a_competition(session, board)
        pool = preparing.pool(session, bank, NOW.date(), written=False)
        preparing.keep(  # its blueprint says less than it holds, so that the rule lets the next one pass
            session,
            board.author,
            NOW,
            competition=competition,
            part="written",
            bank=bank,
            asked=asking(1),
            draws=preparing.draw(session, pool, asking(5), kind="official"),
            ready_from=None,
        )
        draw = a_preparation(session, board, competition, bank, asking(6), "reserve")
    _begun(database, board, draw)
    run = carry_out(database, draw)
    assert (run.outcome, run.findings) == (DrawOutcome.LACKING, {"missing": []})


@pytest.mark.parametrize(
    ("count", "named"),
    [
        (10, {}),
        (9, {"left_out": ("Q-0001",)}),
        (2, {"included": ("Q-0001", "Q-0002")}),
        (2, {"left_out": tuple(f"Q-{n:04d}" for n in range(3, 11))}),
        (2, {"enemies": [tuple(f"Q-{n:04d}" for n in range(1, 10))]}),
        (5, {"forms": 2}),
        (5, {"with_reserve": True}),
    ],
)
def test_a_draw_leaves_something_to_chance(database: Database, count: int, named: dict[str, Any]) -> None:
    with database.writing(unhurried=True) as session:
        board = a_board(session)
        competition, bank = a_competition(session, board), an_approved_bank(session, board)
        with pytest.raises(errors.NoChance):
            a_preparation(session, board, competition, bank, asking(count, **named))
        with pytest.raises(errors.NoChance):
            a_preparation(session, board, competition, bank, asking(0, counts={}, total=count, **named))


@pytest.mark.engines("sqlite")
def test_the_check_names_a_draw_whose_seed_or_words_were_changed(database: Database) -> None:
    board, draw = _scene(database, asking(3))
    _begun(database, board, draw)
    carry_out(database, draw)
    with database.writing() as session:
        for table in ("paper_draws", "paper_draw_runs"):
            session.execute(text(f"DROP TRIGGER {PREFIX}{table}_update"))
        session.execute(text("UPDATE paper_draw_runs SET words = 'khác hẳn', findings = '{}'"))
        session.execute(text("UPDATE paper_draws SET seeds = '{}'"))
    with database.reading() as session:
        codes = {each.code for each in fsck.differences(session)}
    assert {"draw begun", "draw ended"} <= codes


@pytest.mark.engines("sqlite")
def test_the_page_says_how_far_it_is_and_offers_what_may_be_done(
    app: Flask, database: Database, board: Board, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        competition = a_competition(session, board)
        bank = an_approved_bank(session, board)
        draw = a_preparation(session, board, competition, bank, asking(3))
        place = f"/staff/competitions/{competition.public_id}/exam-papers"
    address = f"{place}/draws/{draw.public_id}"
    author, chair = sign_in(app, database, board.author), sign_in(app, database, board.house.chair)
    assert f"{address}/begin" not in chair.get(address)
    assert draw.seeds["official"] in author.get(address)
    assert address in author.get(place)
    author.post(f"{address}/begin", status=422, witnesses="An", words="7")
    page = author.post(f"{address}/begin", **WORDS)
    assert "data-running" in page
    clock.set(NOW + timedelta(seconds=90))
    author = sign_in(app, database, board.author, NOW + timedelta(seconds=90))
    page = author.get(address)
    assert "data-running" not in page  # nobody has taken it on
    author.post(f"{address}/stop")
    page = author.get(address)
    assert f"{address}/repeat" in page
    author.post(f"{address}/repeat")
    carry_out(database, draw)
    with database.reading() as session:
        paper = session.scalars(select(Paper)).one().public_id
    assert f"{place}/{paper}" in author.get(address)
