# SPDX-License-Identifier: Apache-2.0
"""What a candidate sees of an option, its id and its stored place, tells nothing of which is right (T10)."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given

from question_bank import item as items
from question_bank.item import Item, unrecognisable
from tests.question_bank import builders, strategies
from tests.question_bank.builders import read_raw

SEED = bytes(range(32))
MANY = 4_000
OPTIONS = 4
CRITICAL = 16.27  # chi-square of 3 degrees of freedom, p = 0.001; the seed is fixed


def _item(number: int, **more: Any) -> Item:
    """The author calls the right one "a" and writes it first."""
    options = [
        {"id": letter, "text": f"{letter} {number}", "fraction": "1" if letter == "a" else "0"}
        for letter in "abcd"
    ]
    return builders.an_item(id=f"Q-{number}", options=options, **more)


def _shown(item: Item) -> list[dict[str, Any]]:
    options: Any = items.view(item)["options"]
    return list(options)


@pytest.fixture(scope="module")
def places() -> dict[str, Counter[int]]:
    """Where the right option stands of thousands of items: as it is stored, and by its id."""
    stored: Counter[int] = Counter()
    by_id: Counter[int] = Counter()
    for number in range(MANY):
        item = unrecognisable(_item(number), SEED)
        ids = [option["id"] for option in _shown(item)]
        stored[ids.index(items.model_response(item))] += 1
    for number in range(MANY):
        item = unrecognisable(_item(number, shuffle=False), SEED)
        ids = [option["id"] for option in _shown(item)]
        by_id[sorted(ids).index(items.model_response(item))] += 1
    return {"stored": stored, "by id": by_id}


@pytest.mark.parametrize("what", ["stored", "by id"])
def test_the_right_option_stands_in_every_place_as_often(places: dict[str, Counter[int]], what: str) -> None:
    assert _chi_square(places[what], MANY) < CRITICAL


def test_the_habit_of_authors_would_be_seen() -> None:
    found: Counter[int] = Counter()
    for number in range(100):
        item = _item(number)
        found[[option["id"] for option in _shown(item)].index(items.model_response(item))] += 1
    assert _chi_square(found, 100) > CRITICAL


def _chi_square(found: Counter[int], count: int) -> float:
    expected = count / OPTIONS
    return sum((found[place] - expected) ** 2 / expected for place in range(OPTIONS))


@given(strategies.items())
def test_a_form_s_item_asks_and_earns_what_the_bank_s_does(raw: dict[str, Any]) -> None:
    item = read_raw(raw).items[0]
    found = unrecognisable(item, SEED)
    assert items.score(found, items.model_response(found)) == items.score(item, items.model_response(item))
    assert [slot.name for slot in items.slots(found)] == [slot.name for slot in items.slots(item)]
    assert [len(slot.ids) for slot in items.slots(found)] == [len(slot.ids) for slot in items.slots(item)]
    assert unrecognisable(item, SEED) == found


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice"])
def test_no_option_keeps_the_id_its_author_gave_it(kind: str) -> None:
    item = builders.an_item(kind)
    found = unrecognisable(item, SEED)
    before, after = ({option["id"] for option in _shown(each)} for each in (item, found))
    assert before & after == set()
    other = {option["id"] for option in _shown(unrecognisable(item, bytes(32)))}
    assert other & after == set()


def test_options_inside_gaps_and_case_studies_are_renamed_too() -> None:
    for kind in ("gap_fill", "case_study"):
        item = builders.an_item(kind)
        found = unrecognisable(item, SEED)
        before, after = ([slot.ids for slot in items.slots(each) if slot.ids] for each in (item, found))
        assert before
        assert all(not set(one) & set(other) for one, other in zip(before, after, strict=True))


def test_fixed_options_and_the_author_s_order_stay_where_they_mean_something() -> None:
    options = builders.options("1", "0", "0")
    options[2]["fixed"] = True
    moved = unrecognisable(builders.an_item(options=options), SEED)
    assert _shown(moved)[2]["text"] == options[2]["text"]
    still = unrecognisable(builders.an_item(options=options, shuffle=False), SEED)
    assert [option["text"] for option in _shown(still)] == [option["text"] for option in options]
