# SPDX-License-Identifier: Apache-2.0
"""The player's script derives the order of a form as the server does, for every kind of item."""

import hmac
import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from question_bank import paper
from question_bank.paper import PaperForm
from question_bank.shuffling import Stream
from scoring.verify.canonical import canonical_bytes, canonical_loads
from tests.question_bank.builders import an_item, options
from tests.question_bank.papers import a_choice_form, a_form
from tests.question_bank.test_shuffling import SEED, VECTOR_BELOW, VECTOR_OWN_SEED, VECTOR_SHUFFLED

SCRIPT = Path(__file__).with_name("orders.mjs")
LABEL = "exam/shuffle/v1 test"
LISTS = ("options", "targets", "entries")
FIXED = [{**option, "fixed": number in (1, 3)} for number, option in enumerate(options("1", *"0000"))]
FORMS = [
    a_choice_form(),
    a_form(),
    a_form(shuffle_items=False),
    a_form(
        items=(
            an_item("description", id="D-1"),
            an_item("single_choice", id="constructor", options=FIXED),
            an_item("multiple_choice", id="M-still", shuffle=False),
            an_item("ordering", id="O-still", shuffle=False),
            an_item(
                "gap_fill",
                id="Câu-ầ",
                stem="Một [[toString]] hai [[g2]].",
                gaps=[
                    {"id": "toString", "kind": "multiple_choice", "options": options("0.5", "0.5", "0")},
                    {"id": "g2", "kind": "single_choice", "options": FIXED},
                ],
            ),
            an_item(
                "case_study",
                items=[
                    {"id": "C1", "kind": "matching", "stem": "Ghép", "marks": "1", "pairs": [
                        {"id": f"p{n}", "text": f"Vế {n}", "match": f"Đích {n}"} for n in range(7)
                    ]},
                    {"id": "C2", "kind": "gap_fill", "stem": "[[a]]", "marks": "1", "gaps": [
                        {"id": "a", "kind": "single_choice", "options": options("1", "0", "0")}
                    ]},
                    {"id": "C3", "kind": "single_choice", "stem": "?", "marks": "1", "shuffle": False,
                     "options": options("1", "0")},
                ],
            ),
            an_item("description", id="D-2"),
            *(an_item(id=f"Q{number}") for number in range(9)),
        )
    ),
]  # fmt: skip


def script(**asked: Any) -> dict[str, Any]:
    """What the player's script answers."""
    nothing = {"seed": SEED.hex(), "label": LABEL, "limits": [], "letters": [], "keyed": [], "cases": []}
    done = subprocess.run(
        ["node", SCRIPT], input=json.dumps(nothing | asked), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def orders(shown: dict[str, Any], slot: str) -> dict[str, tuple[str, ...]]:
    """The ids of every ordered list of an arranged item, by the name of its slot."""
    listed = next((shown[name] for name in LISTS if name in shown), None)
    found = {} if listed is None else {slot: tuple(entry["id"] for entry in listed)}
    for part in (*shown.get("gaps", ()), *shown.get("items", ())):
        found |= orders(part, f"{slot}/{part['id']}")
    return found


def test_the_published_vectors_hold_in_the_script() -> None:
    answer = script(limits=[10] * 12, letters=list("abcdefgh"))
    assert answer["below"] == VECTOR_BELOW
    assert answer["shuffled"] == VECTOR_SHUFFLED
    case = {"content": paper.content(a_choice_form()), "seed": VECTOR_OWN_SEED}
    (items,) = script(cases=[case])["arranged"]
    drawn = paper.permutation(a_choice_form(), seed=SEED, candidate="C01")
    assert tuple(item["id"] for item in items) == drawn.items
    assert {item["id"]: orders(item, item["id"])[item["id"]] for item in items} == drawn.options


def test_draws_and_keyed_hashes_are_the_same_to_the_last_bit() -> None:
    limits = [1, 2, 3, 7, 2**31, 2**32 + 1, 2**52 + 1, 2**53 - 1] * 20
    stream = Stream(SEED, LABEL.encode())
    chance = random.Random(1)
    keyed = [(chance.randbytes(32), chance.randbytes(length)) for length in (0, 1, 55, 56, 63, 64, 65, 300)]
    answer = script(limits=limits, keyed=[(key.hex(), message.hex()) for key, message in keyed])
    assert answer["below"] == [stream.below(limit) for limit in limits]
    assert answer["keyed"] == [hmac.digest(key, message, "sha256").hex() for key, message in keyed]


@pytest.mark.parametrize("form", FORMS)
def test_the_order_in_the_browser_is_the_order_on_the_server(form: PaperForm) -> None:
    """The script has the opened content and the own seed; the server has the form and the form's seed."""
    content = canonical_loads(canonical_bytes(paper.content(form)))
    chance = random.Random(form.id)
    drawn = [(chance.randbytes(32), f"candidate-{number}") for number in range(150)]
    cases = [
        {
            "content": content,
            "seed": paper.candidate_seed(seed, form=form.id, candidate=candidate).hex(),
        }
        for seed, candidate in drawn
    ]
    seen = set()
    for (seed, candidate), items in zip(drawn, script(cases=cases)["arranged"], strict=True):
        expected = paper.permutation(form, seed=seed, candidate=candidate)
        found: dict[str, tuple[str, ...]] = {}
        for item in items:
            found |= orders(item, item["id"])
        assert tuple(item["id"] for item in items) == expected.items
        assert found == dict(expected.options)
        seen.add(tuple(found.values()))
    assert len(seen) > 1  # what is compared moves
