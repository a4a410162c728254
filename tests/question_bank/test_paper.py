# SPDX-License-Identifier: Apache-2.0
"""A form holds what candidates see apart from its key, and adds up what they earn."""

from decimal import Decimal
from typing import Any

import pytest

from question_bank import item as items
from question_bank import paper, registry
from question_bank.fields import Fields
from question_bank.json_reader import node_of
from question_bank.paper import InvalidForm, PaperForm
from question_bank.problems import Problems
from scoring.verify.canonical import canonical_bytes, canonical_loads
from tests.question_bank.builders import SECRET, an_item, options
from tests.question_bank.papers import a_choice_form, a_form


def test_the_content_holds_the_views_and_nothing_of_the_key() -> None:
    form = a_form(items=(an_item(feedback=SECRET, title=SECRET),))
    content = paper.content(form)
    assert content["items"] == [{"number": 1, **items.view(form.items[0])}]
    assert SECRET not in str(content)
    assert SECRET in str(paper.key(form))


def test_the_key_gives_back_the_items_as_they_were() -> None:
    form = a_form()
    assert paper.items_of_key(paper.key(form)) == form.items


def test_the_largest_form_opens_again_and_a_larger_one_cannot_be_made() -> None:
    items_ = tuple(an_item(id=f"Q{number}") for number in range(paper.MOST_ITEMS + 1))
    form = a_form(items=items_[:-1])
    assert paper.form_of(paper.content(form), paper.key(form)) == form
    with pytest.raises(InvalidForm, match="at most 500"):
        a_form(items=items_)


def test_a_sealed_form_opens_as_it_was_when_options_count_as_positional_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = a_choice_form()
    sealed = paper.content(form), paper.key(form)
    monkeypatch.setattr(registry, "is_positional", lambda _text: True)
    assert paper.form_of(*sealed) == form
    node = Fields(node_of(items.native(form.items[0])), (), Problems(""))
    read = registry.read_item(node, "vi")
    assert read is not None
    assert (form.items[0].shuffle, read.shuffle) == (True, False)  # what comes in anew is not shuffled


@pytest.mark.parametrize(
    "broken",
    [{"_": "exam/paper/v1"}, {**paper.key(a_choice_form()), "items": [{"id": "x"}]}],
)
def test_what_is_no_key_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="key"):
        paper.items_of_key(broken)


def test_full_marks_are_the_whole_scale_and_a_third_is_a_third() -> None:
    form = a_form(items=tuple(an_item(id=f"Q{number}") for number in range(3)))
    full = paper.mark(form, {item.id: "b" for item in form.items})
    third = paper.mark(form, {"Q0": "b"})
    assert (full.score, full.max, full.on_scale(Decimal(100))) == (Decimal(3), Decimal(3), Decimal(100))
    assert (third.score, third.on_scale(Decimal(100))) == (Decimal(1), Decimal("33.333333"))


def test_thirty_of_sixty_pass_the_half_and_twenty_nine_do_not() -> None:
    form = a_form(items=tuple(an_item(id=f"Q{number}") for number in range(60)))
    thirty = paper.mark(form, {f"Q{number}": "b" for number in range(30)})
    fewer = paper.mark(form, {f"Q{number}": "b" for number in range(29)})
    assert thirty.on_scale(Decimal(100)) == 50
    assert fewer.on_scale(Decimal(100)) == Decimal("48.333333")


def test_items_weigh_by_their_marks() -> None:
    form = a_form(items=(an_item(id="Q1", marks="3"), an_item(id="Q2", marks="1")))
    assert paper.mark(form, {"Q1": "b"}).on_scale(Decimal(100)) == 75


def test_an_essay_in_the_form_leaves_the_score_to_a_person() -> None:
    form = a_form(items=(an_item(), an_item("essay")))
    assert paper.mark(form, {}).needs_person


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": ()},
        {"items": (an_item("description"),)},
        {"items": (an_item(), an_item())},
        {"language": "en"},
        {"minutes": 0},
        {"marks": Decimal(0)},
    ],
)
def test_a_form_that_cannot_be_held_cannot_exist(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidForm):
        a_form(**wrong)


def test_content_and_key_have_a_canonical_form() -> None:
    form = a_form(items=(an_item(options=options("1", "0.333")),))
    assert canonical_bytes(paper.content(form)).startswith(b'{"_":"exam/paper/v1"')
    assert canonical_bytes(paper.key(form)).startswith(b'{"_":"exam/key/v1"')


@pytest.mark.parametrize("form", [a_form(), a_choice_form(), a_form(shuffle_items=False, kind="reserve")])
def test_an_opened_paper_and_its_key_give_back_the_form(form: PaperForm) -> None:
    shown, answers = (
        canonical_loads(canonical_bytes(part)) for part in (paper.content(form), paper.key(form))
    )
    assert paper.form_of(shown, answers) == form


FOREIGN = [
    (paper.content(a_choice_form()), paper.key(a_form())),
    (paper.content(a_choice_form()), paper.key(a_form(id="F2", items=a_choice_form().items))),
    ({**paper.content(a_choice_form()), "weight": "9"}, paper.key(a_choice_form())),
    ({**paper.content(a_choice_form()), "marks": "many"}, paper.key(a_choice_form())),
    ({**paper.content(a_choice_form()), "kind": "spare"}, paper.key(a_choice_form())),
    ({**paper.content(a_choice_form()), "minutes": "60"}, paper.key(a_choice_form())),
    (paper.content(a_choice_form()), paper.content(a_choice_form())),
]


@pytest.mark.parametrize(("shown", "answers"), FOREIGN)
def test_nobody_is_marked_by_the_key_of_another_form(shown: dict[str, Any], answers: dict[str, Any]) -> None:
    with pytest.raises(InvalidForm):
        paper.form_of(shown, answers)
