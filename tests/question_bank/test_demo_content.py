# SPDX-License-Identifier: Apache-2.0
"""The demonstration's own items, people and posts can be used as they are."""

import json
import unicodedata
from collections import Counter
from typing import Any

import pytest

from question_bank import assembly, blueprint, formats
from question_bank.item import Item
from question_bank.kinds.choice import SingleChoice
from question_bank.kinds.essay import Essay
from question_bank.text import comparison_key
from tests.question_bank.builders import DEMO

TOPICS_LEAST = 4


def _read(name: str) -> tuple[Item, ...]:
    result = formats.read(DEMO / name)
    assert result.problems == ()
    return result.items


def _json(name: str) -> Any:
    return json.loads((DEMO / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["items.json", "essays.json", "people.json", "posts.json"])
def test_the_text_is_composed_and_has_no_stray_blanks(name: str) -> None:
    text = (DEMO / name).read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert not [line for line in text.splitlines() if line != line.rstrip() or "  " in line.strip()]


def test_the_bank_covers_every_topic_at_every_level() -> None:
    items = _read("items.json")
    cells = Counter((item.topics[0], item.level) for item in items)
    topics = {topic for topic, _ in cells}
    assert len(items) >= 84
    assert len(topics) == 7
    assert all(
        cells[topic, level] >= TOPICS_LEAST
        for topic in topics
        for level in ("remember", "understand", "apply")
    )


def test_every_item_names_its_legal_source_and_a_difficulty() -> None:
    for item in (*_read("items.json"), *_read("essays.json")):
        assert item.source.instrument
        assert item.source.valid_from
        assert item.topics
    assert all(item.difficulty for item in _read("items.json"))


def test_the_right_answer_cannot_be_guessed_from_its_letter_or_its_length() -> None:
    bodies = [item.body for item in _read("items.json")]
    choices = [body for body in bodies if isinstance(body, SingleChoice)]
    letters = Counter(body.model_response() for body in choices)
    longest = sum(max(body.options, key=lambda o: len(o.text)).fraction == 1 for body in choices)
    assert len(choices) == len(bodies)
    assert set(letters) == set("abcd")
    assert max(letters.values()) - min(letters.values()) <= 2
    assert longest < len(choices) // 3


def test_no_question_is_asked_twice() -> None:
    stems = Counter(comparison_key(item.stem) for item in _read("items.json"))
    assert max(stems.values()) == 1


def test_the_essays_have_rubrics_of_a_hundred_with_guidance() -> None:
    essays = _read("essays.json")
    assert len(essays) == 4
    for item in essays:
        assert isinstance(item.body, Essay)
        assert item.marks == 100
        assert item.body.min_words
        assert item.body.max_words
        assert all(row.guidance for row in item.body.rubric)


def test_an_official_and_a_reserve_form_can_be_assembled_from_the_bank() -> None:
    items = _read("items.json")
    topics = sorted({item.topics[0] for item in items})
    cells = ", ".join(
        f'{{ topic = "{topic}", level = "{level}", count = 2 }}'
        for topic in topics
        for level in ("remember", "understand")
    )
    plan = blueprint.parse(f'schema = "exam-portal/blueprint/1"\nitems = 40\ncells = [{cells}]')
    assert assembly.assemble(items, plan, 2, 1).status == "optimal"


def test_the_people_have_different_names_and_ages_that_fit_a_post() -> None:
    people = _json("people.json")["people"]
    assert len({person["name"] for person in people}) == len(people) >= 120
    assert {person["gender"] for person in people} == {"female", "male"}
    assert all(1966 <= person["born"] <= 2000 for person in people)
    assert all(person["post"] and person["unit"] for person in people)


def test_the_posts_belong_to_units_of_their_organisations() -> None:
    document = _json("posts.json")
    units = {
        (organisation["key"], unit["key"])
        for organisation in document["organisations"]
        for unit in organisation["units"]
    }
    posts = document["posts"]
    assert len(document["organisations"]) == 3
    assert len({post["key"] for post in posts}) == len(posts) == 16
    assert {post["level"] for post in posts} == {"department", "division"}
    for post in posts:
        assert (post["organisation"], post["unit"]) in units
        assert set(post["title"]) == {"vi", "en"}
        assert post["places"] >= 1
        assert all(set(criterion["text"]) == {"vi", "en"} for criterion in post["criteria"])
