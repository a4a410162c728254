# SPDX-License-Identifier: Apache-2.0
"""What the desk shows of a typed script: the text exactly, counts, passages; who sees passages, and when."""

import dataclasses
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from exam_portal.core.database import Database
from exam_portal.marking import comments, desk_page, errors, highlights
from exam_portal.marking.highlights import Highlight
from exam_portal.marking.models import Mark, MarkDraft, Phrase
from exam_portal.sittings import handover
from tests.harness.counting import counted
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, lock, masked
from tests.portal.marking.typed import ESSAY, a_typed_hall, a_typed_office

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def typed(database: Database) -> Office:
    """Two typed scripts; each of two markers has the bag."""
    office = a_typed_office(database)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
    return office


PASSAGE: dict[str, Any] = {
    "answer": 1,
    "start": ESSAY.index("Nghị"),
    "end": ESSAY.index(", thủ"),
    "note": "Dẫn đúng văn bản",
}
FIGURES: dict[str, Any] = {"score_law": "31", "score_practice": "44,5", "comment": "Có ví dụ"}


def test_the_text_stands_on_the_page_as_it_was_typed_and_is_counted(
    portal: Flask, database: Database, typed: Office
) -> None:
    page = Person.at(portal, database, typed.markers[0], MARKED).get(desk_of(database, typed))
    shown = re.search(r'data-answer="1">(.*?)</div>', page, re.DOTALL)
    assert shown
    assert shown[1] == ESSAY
    assert f"{len(ESSAY)} ký tự" in page
    assert "Nêu được ít nhất hai văn bản." in page


def test_passages_are_kept_with_the_mark_for_its_marker_and_after_the_lock_for_those_who_read_marks(
    portal: Flask, database: Database, typed: Office
) -> None:
    first, second = (Person.at(portal, database, actor, MARKED) for actor in typed.markers[:2])
    chair = Person.at(portal, database, typed.hall.house.chair, MARKED)
    first.get(desk_of(database, typed))
    sent: dict[str, Any] = {**FIGURES, "highlights": json.dumps([PASSAGE])}
    first.post(f"{desk_of(database, typed)}/draft", 200, tab="a", rests_on="0", **sent)
    assert "Dẫn đúng văn bản" in first.get(desk_of(database, typed))
    first.post(desk_of(database, typed), tab="a", rests_on="1", **sent)
    assert "Dẫn đúng văn bản" in first.get(desk_of(database, typed))
    assert "Dẫn đúng văn bản" not in second.get(desk_of(database, typed, round=2))
    with database.reading() as session:
        mark = session.query(Mark).one().public_id
    place = f"/staff/competitions/{typed.hall.competition.public_id}/marking"
    remarks = f"{place}/bags/{typed.bag.public_id}/marks/{mark}/remarks"
    chair.get(remarks, 404)
    for person, round_, scripts in ((first, 1, (1,)), (second, 2, (0, 1))):
        for script in scripts:
            person.get(desk_of(database, typed, script, round_))
            person.post(desk_of(database, typed, script, round_), rests_on="0", **FIGURES)
    with database.writing() as session:
        lock(session, typed)
    page = chair.get(remarks)
    assert ESSAY[PASSAGE["start"] : PASSAGE["end"]] in page
    assert "Dẫn đúng văn bản" in page
    assert remarks in chair.get(f"{place}/marks?part=written&purpose=marking")
    second.get(remarks, 403)


def test_a_mark_with_a_passage_outside_the_script_is_refused(
    portal: Flask, database: Database, typed: Office
) -> None:
    marker = Person.at(portal, database, typed.markers[0], MARKED)
    marker.get(desk_of(database, typed))
    beyond = json.dumps([{**PASSAGE, "end": len(ESSAY) + 1}])
    marker.post(desk_of(database, typed), 422, rests_on="0", highlights=beyond, **FIGURES)
    with database.reading() as session:
        assert session.query(Mark).count() == 0


def test_after_a_mark_the_next_script_without_one_follows(
    portal: Flask, database: Database, typed: Office
) -> None:
    marker = Person.at(portal, database, typed.markers[0], MARKED)
    marker.get(desk_of(database, typed))
    page = marker.post(desk_of(database, typed), rests_on="0", **FIGURES)
    with database.reading() as session:
        met = {one.id: one.mask_code for one in handover.scripts_at_desk(session, typed.bag, 1)}
    assert f'aria-current="page">{met[typed.scripts[1].id]}' in page
    page = marker.post(desk_of(database, typed, 1), rests_on="0", **FIGURES)
    assert 'id="mark-form"' not in page


@given(st.lists(st.text(max_size=40), min_size=1, max_size=3), st.data())
def test_pieces_are_the_text_again_whatever_was_highlighted(texts: list[str], data: st.DataObject) -> None:
    found: list[Highlight] = []
    for answer, text in enumerate(texts, start=1):
        cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        found += [Highlight(answer=answer, start=start, end=end) for start, end in pairs]
    read = highlights.read(json.dumps([one.kept() for one in found]))
    for answer, text in enumerate(texts, start=1):
        pieces = list(highlights.pieces(text, answer, read))
        assert "".join(piece.text for piece in pieces) == text
        marked = [piece.text for piece in pieces if piece.number is not None]
        assert marked == [text[one.start : one.end] for one in found if one.answer == answer]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [([0, 4, 8], None), ([0, 4, 8, 12], 4), ([0, 4, 8, 12, 100, 104], 4), ([0, 0, 0, 0], 1)],
)
def test_the_pace_is_the_usual_time_from_mark_to_mark_without_breaks(
    minutes: list[int], expected: int | None
) -> None:
    assert desk_page.minutes_each([MARKED + timedelta(minutes=each) for each in minutes]) == expected


def test_phrases_are_kept_changed_and_deleted_by_their_marker_alone(
    portal: Flask, database: Database, typed: Office
) -> None:
    first, second = (Person.at(portal, database, actor, MARKED) for actor in typed.markers[:2])
    mine = f"/marking/bags/{typed.bag.public_id}/comments"
    first.get(mine)
    first.post(mine, text="Thiếu dẫn chứng từ đơn vị")
    with database.reading() as session:
        own = session.query(Phrase).one().public_id
    assert "Thiếu dẫn chứng từ đơn vị" in first.get(desk_of(database, typed))
    assert "Thiếu dẫn chứng từ đơn vị" not in second.get(desk_of(database, typed, round=2))
    second.get(f"{mine}/{own}", 404)
    first.get(f"{mine}/{own}")
    first.post(f"{mine}/{own}", text="Thiếu dẫn chứng")
    assert "Thiếu dẫn chứng từ đơn vị" not in first.page
    second.get(mine)
    second.post(f"{mine}/{own}/deletion", 404)
    first.get(mine)
    first.post(f"{mine}/{own}/deletion")
    with database.reading() as session:
        assert session.query(Phrase).count() == 0


def test_a_comment_becomes_a_phrase_and_the_draft_stays(
    portal: Flask, database: Database, typed: Office
) -> None:
    marker = Person.at(portal, database, typed.markers[0], MARKED)
    marker.get(desk_of(database, typed))
    marker.post(desk_of(database, typed), then="phrase", rests_on="0", **FIGURES)
    with database.reading() as session:
        assert [row.text for row in session.query(Phrase)] == ["Có ví dụ"]
        assert [row.comment for row in session.query(MarkDraft)] == ["Có ví dụ"]
        assert session.query(Mark).count() == 0


@pytest.mark.parametrize(
    "text", ["Bài ABCDE FGH23", "Bài ABCDEFGH23", "0912345678", "a@b.vn", " ", "x" * 501]
)
def test_a_phrase_that_could_tell_of_a_candidate_is_refused(
    database: Database, typed: Office, text: str
) -> None:
    with database.writing() as session, pytest.raises((errors.PhraseTells, errors.PhraseLength)):
        comments.keep_phrase(
            session, typed.markers[0], MARKED, competition_id=typed.bag.competition_id, text=text
        )


def test_a_mark_by_criteria_is_their_sum(portal: Flask, database: Database, typed: Office) -> None:
    marker = Person.at(portal, database, typed.markers[0], MARKED)
    marker.get(desk_of(database, typed))
    marker.post(desk_of(database, typed), 422, rests_on="0", score_law="31", comment="")
    marker.post(desk_of(database, typed), 422, rests_on="0", score_law="41", score_practice="1", comment="")
    marker.post(desk_of(database, typed), rests_on="0", **FIGURES)
    with database.reading() as session:
        assert Decimal(session.query(Mark).one().value) == Decimal("75.5")


def test_next_script_draft_and_mark_ask_as_many_questions_for_a_larger_bag(
    portal: Flask, database: Database
) -> None:
    hall = a_typed_hall(database, people=11, text=ESSAY)
    with database.writing(unhurried=True) as session:
        large = masked(session, hall, bag_size=6)
        other = handover.bags_of(session, hall.competition.id)[1]
        scripts = tuple(handover.scripts(session, other.id))
        small = dataclasses.replace(large, bag=other, scripts=scripts)
        for office in (large, small):
            assign(session, office, 0, 1)
    assert (len(large.scripts), len(small.scripts)) == (6, 5)
    marker = Person.at(portal, database, large.markers[0], MARKED)
    counts = []
    for office in (small, large):
        desk = desk_of(database, office)
        marker.get(desk)  # what is read once has been read
        with counted() as shown:
            marker.get(desk)
        token = marker.token
        with counted() as kept:
            marker.post(f"{desk}/draft", 200, tab="a", rests_on="0", **FIGURES)
        marker.token = token
        with counted() as given:
            marker.post(desk, tab="a", rests_on="1", **FIGURES)  # and opens the next one
        counts.append([len(one.statements) for one in (shown, kept, given)])
    assert all(large_bag <= small_bag for small_bag, large_bag in zip(*counts, strict=True))
    assert all(asked <= most for asked, most in zip(counts[1], (50, 50, 130), strict=True))
