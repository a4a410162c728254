# SPDX-License-Identifier: Apache-2.0
"""Candidates draw their questions from a committed seed: the same scale for all, recomputable by anybody."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import Leaf, SignedPaper
from exam_portal.core.actors import Role
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.interviews import errors as panel_errors
from exam_portal.interviews import service as panels
from exam_portal.interviews.models import Hearing, Occasion, PanelSession
from exam_portal.interviews.room import against_record, drawing, errors, questions, service
from exam_portal.interviews.room.models import QuestionDraw, QuestionSet
from exam_portal.interviews.room.questions import Set
from exam_portal.registration import service as registration
from tests.portal.audit.builders import a_paper
from tests.portal.competitions.builders import a_member, a_signed, holding
from tests.portal.competitions.pages import Person, grant
from tests.portal.interviews.builders import HEARD, Council, a_panel, a_sheet, balloting, count, drawn

SEED = bytes(range(32))
LATER = HEARD + timedelta(hours=1)
MORE = "Pháp luật | vận dụng | Câu thêm\nQuản lý | hiểu | Câu thêm\nQuản lý | vận dụng | Câu thêm"


def typed(per_cell: int) -> str:
    cells = [("Pháp luật", "vận dụng"), ("Quản lý", "hiểu"), ("Quản lý", "vận dụng")]
    lines = [
        f"{topic} | {level} | Câu {number} {topic}" for topic, level in cells for number in range(per_cell)
    ]
    return "\n".join(lines)


def a_set(per_cell: int = 4, *, each: int = 1, once: bool = True) -> Set:
    return questions.read(typed(per_cell), each=each, once=once)


def approved(session: Session, council: Council, panel: PanelSession, made: Set) -> None:
    filed = _file(session, council, panel, made)
    service.approve_questions(session, council.house.chair, HEARD, panel=panel, set_id=filed.public_id)


def recomputed(kept: dict[str, Any], seed: str, hearing: str, gone: Sequence[int]) -> list[int]:
    """The draw, written from docs/panel.md alone."""

    def canonical(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    digest = "sha256:" + hashlib.sha256(canonical(kept)).hexdigest()
    own = hmac.digest(
        bytes.fromhex(seed), canonical(["exam/question-draw-seed/v1", digest, hearing]), "sha256"
    )
    cells: dict[tuple[str, str], list[int]] = {}
    for place, (topic, level, _) in enumerate(kept["questions"]):
        cells.setdefault((topic, level), []).append(place + 1)
    result: list[int] = []
    for (topic, level), numbers in cells.items():
        order = [one for one in numbers if not (kept["once"] and one in gone)]
        label = canonical(["exam/question-draw/v1", topic, level])
        stream = b"".join(hmac.digest(own, label + bytes(7) + bytes([i]), "sha256") for i in range(200))
        words = [int.from_bytes(stream[at : at + 8], "big") for at in range(0, len(stream), 8)]
        for last in range(len(order) - 1, 0, -1):
            while words[0] >= 2**64 - 2**64 % (last + 1):
                words.pop(0)
            other = words.pop(0) % (last + 1)
            order[last], order[other] = order[other], order[last]
        result += order[: kept["each"]]
    return result


@pytest.mark.parametrize("once", [True, False])
@pytest.mark.parametrize("each", [1, 2])
def test_a_second_derivation_draws_the_same(each: int, once: bool) -> None:
    made = a_set(9, each=each, once=once)
    gone: list[int] = []
    for number in range(4):
        hearing = f"hearing{number}"
        chosen = questions.drawn(made, SEED, hearing, gone)
        assert chosen == recomputed(made.as_dict(), SEED.hex(), hearing, gone)
        gone += chosen


def test_everybody_draws_as_many_of_each_topic_and_level_and_none_comes_twice() -> None:
    made = a_set(6, each=2)
    gone: list[int] = []
    for number in range(3):
        chosen = questions.drawn(made, SEED, f"h{number}", gone)
        spread = Counter((one.topic, one.level) for one in made.chosen(chosen))
        assert set(spread.values()) == {2}
        assert len(spread) == 3
        assert set(chosen).isdisjoint(gone)
        gone += chosen
    with pytest.raises(errors.TooFewQuestions):
        questions.drawn(made, SEED, "h3", gone)


def test_another_seed_hearing_or_set_draws_another_way() -> None:
    made = a_set(40, each=3)
    base = questions.drawn(made, SEED, "one", [])
    assert base != questions.drawn(made, bytes(32), "one", [])
    assert base != questions.drawn(made, SEED, "two", [])
    assert base != questions.drawn(a_set(40, each=3, once=False), SEED, "one", [])


def test_each_question_is_as_likely_as_any_other() -> None:
    made = a_set(5, once=False)
    hits = Counter(
        number for one in range(2000) for number in questions.drawn(made, SEED, f"hearing {one}", [])
    )
    assert set(hits) == set(range(1, 16))
    assert max(abs(count - 400) for count in hits.values()) < 90  # five standard deviations of 400 ± 17.9


@pytest.mark.parametrize(
    ("line", "lines"),
    [(1, ""), (2, "A | B | c\nA | B"), (1, "A || c"), (2, "A|B|c\nA |  B | c"), (1, "một câu hỏi")],
)
def test_a_line_that_cannot_be_read_is_named(line: int, lines: str) -> None:
    with pytest.raises(errors.QuestionUnreadable) as refused:
        questions.read(lines, each=1, once=True)
    assert refused.value.line == line


def test_a_set_is_approved_by_another_person_and_drawn_once(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, _ = drawn(session, council, panel)
        with pytest.raises(errors.QuestionsNotApproved):
            _draw(session, council, first)
        with pytest.raises(errors.TooFewQuestions):
            service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set(2))
        old = service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set(3))
        filed = service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set(4))
        with pytest.raises(errors.OwnQuestions):
            _approve(session, council.secretary, panel, filed.public_id)
        with pytest.raises(StaleState):
            _approve(session, council.house.chair, panel, old.public_id)
        _approve(session, council.house.chair, panel, filed.public_id)
        with pytest.raises(errors.ApprovedBefore):
            _approve(session, council.members[0], panel, filed.public_id)
        with pytest.raises(panel_errors.WitnessMissing):
            _draw(session, council, first, witnesses=" ")
        assert not drawing.may_reveal(session, panel)
        draw = _draw(session, council, first)
        with pytest.raises(errors.QuestionsDrawn):
            _draw(session, council, first)
        with pytest.raises(errors.QuestionsFixed):
            service.file_questions(session, council.secretary, HEARD, panel=panel, made=a_set(5))
        held = drawing.opened(session, filed)
        kept = held.set.as_dict()
        assert draw.numbers == recomputed(kept, held.seed.hex(), first.public_id, [])
        other = _draw(session, council, second)
        assert other.numbers == recomputed(kept, held.seed.hex(), second.public_id, draw.numbers)
        leaf = session.scalars(select(Leaf).where(Leaf.type == "interviews.questions_approved")).one()
        assert leaf.content["seed"] == questions.commitment(held.seed)
        assert leaf.content["hash"] == held.set.hash
        recorded = select(Leaf).where(Leaf.type == "interviews.questions_drawn").order_by(Leaf.id)
        told = session.scalars(recorded).all()
        assert [one.content["numbers"] for one in told] == [draw.numbers, other.numbers]


def test_the_questions_lie_under_seal(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        drawn(session, council, panel)
        approved(session, council, panel, a_set())
    with database.reading() as session:
        sealed = session.scalar(text("SELECT sealed FROM question_sets"))
        assert "Câu 1 Quản lý".encode() not in bytes(sealed)
        assert all(
            "Câu 1 Quản lý" not in json.dumps(one.content, ensure_ascii=False)
            for one in session.scalars(select(Leaf))
        )


def test_a_draw_on_paper_has_its_minute_and_the_same_scale(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, _ = drawn(session, council, panel)
        approved(session, council, panel, a_set())
        minute = _minute(session, council)
        with pytest.raises(errors.DrawUneven):
            _draw(session, council, first, numbers=[1, 5, 9])
        with pytest.raises(errors.NumbersMissing):  # nothing is drawn from the seed by oversight
            _draw(session, council, first, paper=minute)
        for uneven in ([1, 2, 9], [1, 5], [1, 5, 9, 10], [1, 5, 99], [1, 1, 5, 9]):
            with pytest.raises(errors.DrawUneven):
                _draw(session, council, first, numbers=uneven, paper=minute)
        assert _draw(session, council, first, numbers=[1, 5, 9], paper=minute).numbers == [1, 5, 9]
        with pytest.raises(errors.DrawUneven):
            _draw(session, council, second, numbers=[1, 6, 10], paper=minute)


def test_nobody_draws_after_the_slips_and_the_seed_is_shown_when_all_is_over(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, third = drawn(session, council, panel)
        approved(session, council, panel, a_set())
        balloting(session, council, first)
        with pytest.raises(errors.HearingOver):
            _draw(session, council, first)
        _draw(session, council, second)
        assert not drawing.may_reveal(session, panel)
        panels.note_candidate_absent(
            session, council.secretary, HEARD, hearing=third, witnesses=["Lê Văn Anh", "Trần Thị Bích"]
        )
        assert drawing.may_reveal(session, panel)


def test_who_was_excluded_after_the_lots_does_not_hide_the_seed(database: Database, council: Council) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, third = drawn(session, council, panel)
        approved(session, council, panel, a_set(3))
        _draw(session, council, first)
        _excluded(session, council, 2)
        assert not drawing.may_reveal(session, panel)
        with pytest.raises(panel_errors.CandidateGone):
            _draw(session, council, third)
        _draw(session, council, second)
        assert drawing.may_reveal(session, panel)


def test_a_set_approved_before_the_lots_is_held_to_them_at_the_first_draw(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        approved(session, council, panel, a_set(2))  # nobody knows yet how many are heard
        first = drawn(session, council, panel)[0]
        minute = _minute(session, council)
        for facts in ({}, {"numbers": [1, 3, 5], "paper": minute}):
            with pytest.raises(errors.TooFewQuestions) as refused:
                _draw(session, council, first, **facts)
            assert (refused.value.there, refused.value.needed) == (2, 3)
        approved(session, council, panel, a_set(3))
        for hearing in panel.hearings:
            _draw(session, council, hearing)


def test_questions_are_added_for_who_is_heard_again_and_for_nobody_else(
    database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        first, second, third = drawn(session, council, panel)
        approved(session, council, panel, a_set(3))
        for hearing in (first, second, third):
            _draw(session, council, hearing)
        assert drawing.may_reveal(session, panel)
        assert not drawing.needs_more(session, panel)
        count(session, council, first, a_sheet(9, 7, 3, ["80"] * 4))
        again = panels.repeat_hearing(
            session,
            council.secretary,
            HEARD,
            hearing=first,
            occasion=Occasion.REPEATED,
            paper=a_signed(session, council.house, council.competition),
        )
        session.refresh(panel)
        with pytest.raises(errors.SeedSeen):
            _draw(session, council, again)
        base = drawing.base(session, panel.id)
        assert base is not None
        refused = {
            "Kinh tế | hiểu | Câu mới": (1, True),  # a topic that nobody else drew from
            typed(5): (2, True),
            MORE: (1, False),
        }
        for lines, (each, once) in refused.items():
            with pytest.raises(errors.QuestionsDiffer):
                _file(session, council, panel, questions.read(lines, each=each, once=once))
        with pytest.raises(errors.TooFewQuestions):  # a fresh seed alone brings no question
            _file(session, council, panel, Set(questions=(), each=1, once=True))
        with pytest.raises(errors.QuestionUnreadable):  # one that was in the set
            _file(session, council, panel, a_set(1))
        with pytest.raises(errors.TooFewQuestions):  # not of every topic and level
            _file(session, council, panel, questions.read(MORE.splitlines()[0], each=1, once=True))
        added = _file(session, council, panel, questions.read(MORE, each=1, once=True), LATER)
        held = drawing.opened(session, added)
        assert held.set.questions[:9] == base.set.questions
        assert [one.number for one in drawing.unread(session, panel.id, held)] == [10, 11, 12]
        with pytest.raises(errors.QuestionsNotApproved):
            _draw(session, council, again)
        _approve(session, council.house.chair, panel, added.public_id)
        draw = _draw(session, council, again)
        assert sorted(draw.numbers) == [10, 11, 12]
        assert draw.numbers == recomputed(
            held.set.as_dict(), held.seed.hex(), again.public_id, list(range(1, 10))
        )
        assert [one.version for one in drawing.earlier_sets(session, panel.id)] == [1]
        assert len(drawing.drawn_questions(session, first.id)) == 3
        assert list(against_record.differences(session)) == []
        with pytest.raises(errors.QuestionsFixed):
            _file(session, council, panel, questions.read(MORE, each=1, once=True))


@pytest.mark.engines("sqlite")
def test_oversight_sees_what_it_needs_to_draw_again_and_no_question(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearings = drawn(session, council, panel)
        approved(session, council, panel, a_set(3))
        last = drawing.last_set(session, panel.id)
        assert last is not None
        seed = drawing.opened(session, last).seed.hex()
        address = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}/questions"
        watcher = holding(
            a_member(session, "giam.sat", "Giám sát"), Role.OVERSIGHT, council.house.organisation
        )
        grant(session, watcher, council.house.organisation.id, HEARD)
    oversight = Person.at(portal, database, watcher, HEARD)
    before = oversight.get(address)
    assert seed not in before
    with database.writing(unhurried=True) as session:
        for hearing in hearings:
            _draw(session, council, session.get_one(Hearing, hearing.id))
    after = oversight.get(address)
    assert seed in after
    assert ">4, 5, 6<" in after
    assert "Câu 1 Quản lý" not in before + after
    oversight.get(f"{address}/new", 403)


@pytest.mark.engines("sqlite")
def test_questions_go_from_their_filing_to_the_candidates_slip(
    portal: Flask, database: Database, council: Council
) -> None:
    with database.writing(unhurried=True) as session:
        panel = a_panel(session, council)
        hearing = drawn(session, council, panel)[0].public_id
        place = f"/staff/competitions/{council.competition.public_id}/panel/{panel.public_id}"
    people = {"secretary": council.secretary, "chair": council.house.chair, "member": council.members[0]}
    at = {name: Person.at(portal, database, actor, HEARD) for name, actor in people.items()}
    page = f"{place}/questions"
    at["secretary"].get(f"{page}/new")
    at["secretary"].post(f"{page}/new", 422, questions="một câu hỏi", each="1")
    shown = at["secretary"].post(f"{page}/new", questions=typed(4), each="1", once="y")
    assert "Câu 1 Quản lý" not in shown
    assert "Câu 1 Quản lý" in at["chair"].get(page)
    address = f"{page}/{_set_id(database)}/approve"
    at["secretary"].get("/panel")
    at["secretary"].post(address, 403)
    shown = at["chair"].get(page)
    shown = at["chair"].post(address)
    assert "Câu 1 Quản lý" not in shown
    assert "Câu 1 Quản lý" not in at["member"].get(page)
    there = f"{place}/hearings/{hearing}/questions"
    at["secretary"].get(there)
    shown = at["secretary"].post(there, witnesses="Lê Văn Anh")
    with database.reading() as session:
        numbers = session.scalars(select(QuestionDraw.numbers)).one()
    assert all(f"Câu {(number - 1) % 4} " in shown for number in numbers)
    assert at["secretary"].client.get(f"{there}.pdf").data.startswith(b"%PDF")
    assert at["member"].client.get(there).status_code == 403


def _excluded(session: Session, council: Council, place: int) -> None:
    registration.exclude_candidate(
        session, council.secretary, HEARD, council.candidates[place], status="withdrawn", reason="Ốm"
    )


def _minute(session: Session, council: Council) -> SignedPaper:
    return a_paper(
        session,
        council.secretary,
        council.house.organisation.id,
        competition_id=council.competition.id,
        kind=PaperKind.LOTS_MINUTE,
    )


def _file(
    session: Session, council: Council, panel: PanelSession, made: Set, now: datetime = HEARD
) -> QuestionSet:
    return service.file_questions(session, council.secretary, now, panel=panel, made=made)


def _set_id(database: Database) -> str:
    with database.reading() as session:
        return str(session.scalar(text("SELECT public_id FROM question_sets")))


def _approve(session: Session, actor: Any, panel: PanelSession, set_id: str) -> None:
    service.approve_questions(session, actor, HEARD, panel=panel, set_id=set_id)


def _draw(session: Session, council: Council, hearing: Hearing, **facts: Any) -> QuestionDraw:
    facts.setdefault("witnesses", "Trần Thị Bích")
    return service.draw_questions(session, council.secretary, HEARD, hearing=hearing, **facts)
