# SPDX-License-Identifier: Apache-2.0
"""The seeded shuffle is a permutation, keeps what is fixed, is even, and gives the published vectors."""

import hashlib
import hmac
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank import item as items
from question_bank.paper import candidate_seed, layout, permutation
from question_bank.shuffling import Stream, shuffled_around
from scoring.verify.canonical import canonical_bytes
from scoring.verify.orders import order_shown
from tests.question_bank.builders import an_item
from tests.question_bank.papers import a_choice_form, a_form
from tests.question_bank.test_sealing import VECTOR_COMMITMENT

SEED = bytes(range(32))
# docs/papers.md prints the same
VECTOR_BELOW = [6, 3, 6, 8, 6, 6, 6, 1, 2, 7, 2, 9]
VECTOR_SHUFFLED = "bfchgeda"
VECTOR_OWN_SEED = "739bf428eab8035c628634cdfef2c3c3dfa8e92da68dc3c60ee61d84c06bacbe"
VECTOR_OPTIONS = {"Q1": ("c", "d", "a", "b"), "Q2": ("b", "a", "c", "d")}
VECTOR_PERMUTATION = {
    "_": "exam/shuffle/v1",
    "form": "F1",
    "items": ("Q2", "Q1"),
    "options": VECTOR_OPTIONS,
}
seeds = st.binary(min_size=32, max_size=32)


def test_the_published_vectors() -> None:
    stream = Stream(SEED, b"exam/shuffle/v1 test")
    assert [stream.below(10) for _ in range(12)] == VECTOR_BELOW
    assert Stream(SEED, b"exam/shuffle/v1 test").shuffled("abcdefgh") == tuple(VECTOR_SHUFFLED)
    assert candidate_seed(SEED, form="F1", candidate="C01").hex() == VECTOR_OWN_SEED
    drawn = permutation(a_choice_form(), seed=SEED, candidate="C01").as_dict()
    assert drawn == VECTOR_PERMUTATION


def test_the_first_word_is_the_first_eight_bytes_of_the_first_block() -> None:
    block = hmac.new(SEED, b"label" + bytes(8), hashlib.sha256).digest()
    assert Stream(SEED, b"label").below(2**63) == int.from_bytes(block[:8], "big") % 2**63


@given(seeds, st.lists(st.integers(), max_size=30), st.data())
def test_every_order_is_a_permutation_in_which_the_fixed_keep_their_places(
    seed: bytes, entries: list[int], data: st.DataObject
) -> None:
    fixed = set(data.draw(st.lists(st.sampled_from(entries)))) if entries else set()
    order = shuffled_around(Stream(seed, b"x"), entries, fixed)
    assert Counter(order) == Counter(entries)
    assert all(order[place] == entry for place, entry in enumerate(entries) if entry in fixed)


@given(seeds, st.integers(1, 2**64))
def test_a_draw_lies_below_its_limit(seed: bytes, limit: int) -> None:
    assert 0 <= Stream(seed, b"x").below(limit) < limit


def test_every_order_of_four_is_about_equally_frequent() -> None:
    counts = Counter(Stream(SEED, str(number).encode()).shuffled("abcd") for number in range(4_800))
    assert len(counts) == 24
    assert all(140 < count < 260 for count in counts.values())


def test_words_past_the_last_whole_multiple_are_thrown_away() -> None:
    limit = 2**63 + 1
    words = Stream(SEED, b"reject")._words
    raw = [next(words) for _ in range(64)]
    kept = [word for word in raw if word < limit]
    stream = Stream(SEED, b"reject")
    assert len(kept) < len(raw)
    assert [stream.below(limit) for _ in kept] == kept


@given(seeds, st.text(max_size=20))
def test_a_candidate_sees_every_item_and_option_once(seed: bytes, candidate: str) -> None:
    form = a_form()
    drawn = permutation(form, seed=seed, candidate=candidate)
    assert sorted(drawn.items) == sorted(item.id for item in form.items)
    assert drawn.items[-1] == "Q-description"  # an introduction stays where it stands
    for slot in (slot for item in form.items for slot in items.slots(item)):
        assert sorted(drawn.options[slot.name]) == sorted(slot.ids)
    assert permutation(form, seed=seed, candidate=candidate) == drawn


@given(seeds, st.text(max_size=20))
def test_the_verifier_derives_the_same_order_by_code_of_its_own(seed: bytes, candidate: str) -> None:
    form = a_form()
    found = layout(form)
    revealed = {
        "code": form.id,
        "seed": seed.hex(),
        "items": found.items,
        "slots": {slot.name: slot.ids for slot in found.slots},
        "shuffled": found.shuffled(),
    }
    drawn = permutation(form, seed=seed, candidate=candidate).as_dict()
    assert canonical_bytes(order_shown(revealed, candidate)) == canonical_bytes(drawn)


def test_another_candidate_form_or_seed_gives_another_order() -> None:
    form = a_form()
    drawn = permutation(form, seed=SEED, candidate="C01")
    assert permutation(form, seed=SEED, candidate="C02").options != drawn.options
    assert permutation(a_form(id="F2"), seed=SEED, candidate="C01").options != drawn.options
    assert permutation(form, seed=bytes(32), candidate="C01").options != drawn.options


def test_items_keep_their_order_unless_the_form_says_otherwise() -> None:
    form = a_form(shuffle_items=False)
    assert permutation(form, seed=SEED, candidate="C01").items == tuple(item.id for item in form.items)


def test_options_of_an_item_that_is_not_shuffled_keep_their_order() -> None:
    form = a_form(items=(an_item(shuffle=False),))
    for number in range(20):
        drawn = permutation(form, seed=SEED, candidate=str(number))
        assert drawn.options == {"Q-single_choice": ("a", "b", "c", "d")}


def test_the_content_says_what_moves_and_names_what_keeps_its_place() -> None:
    assert layout(a_choice_form()).shuffled() == {"": (), "Q1": (), "Q2": ("d",)}
    assert layout(a_form()).shuffled()[""] == ("Q-description",)
    assert layout(a_form(items=(an_item(shuffle=False),), shuffle_items=False)).shuffled() == {}
    still = a_form(items=(an_item("ordering", shuffle=False),), shuffle_items=False)
    assert layout(still).shuffled() == {"Q-ordering": ()}  # every candidate gets another wrong order


def test_ids_of_slots_stand_in_the_order_of_the_view() -> None:
    """A browser takes them from there."""
    for item in a_form().items:
        for slot in items.slots(item):
            shown: Any = items.view(item)
            for part in slot.name.split("/")[1:]:
                shown = next(
                    one for one in (*shown.get("gaps", ()), *shown.get("items", ())) if one["id"] == part
                )
            (listed,) = (shown[name] for name in ("options", "targets", "entries") if name in shown)
            assert tuple(entry["id"] for entry in listed) == slot.ids


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Stream(bytes(length), b"x")


def test_the_document_prints_the_same_vectors() -> None:
    page = (Path(__file__).parents[2] / "docs" / "papers.md").read_text(encoding="utf-8")
    assert ", ".join(map(str, VECTOR_BELOW)) in page
    assert VECTOR_SHUFFLED in page
    assert VECTOR_OWN_SEED in page
    assert all(f"`{' '.join(order)}`" in page for order in VECTOR_OPTIONS.values())
    assert VECTOR_COMMITMENT in page
