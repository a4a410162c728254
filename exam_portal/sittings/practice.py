# SPDX-License-Identifier: Apache-2.0
"""A harmless paper with every kind of item, to practise with before the day. Nothing of it is stored."""

from typing import Any, Final

from flask_babel import gettext

from question_bank import paper
from question_bank.item import view

MINUTES: Final = 20
FORM: Final = "practice"


def views(language: str) -> list[dict[str, Any]]:
    """Return the items as a candidate sees them, numbered; descriptions have no number."""
    key: dict[str, Any] = {"_": paper.KEY_SCHEMA, "form": FORM, "language": language, "items": _items()}
    number = 0
    found = []
    for item in paper.items_of_key(key):
        shown = dict(view(item))
        if shown["kind"] != "description":
            number += 1
            shown["number"] = number
        found.append(shown)
    return found


def _items() -> list[dict[str, Any]]:
    return [*_closed(), *_typed(), *_arranged(), *_composed()]


def _closed() -> list[dict[str, Any]]:
    return [
        _item(
            "intro",
            "description",
            gettext("Try everything here: **nothing counts and nothing is sent**."),
            marks="0",
        ),
        _item(
            "one",
            "single_choice",
            gettext("One answer is right. Which of these is a day of the week?"),
            options=_options(gettext("Monday"), gettext("January"), gettext("Spring"), gettext("Noon")),
        ),
        _item(
            "several",
            "multiple_choice",
            gettext("Several answers are right. Which of these are months?"),
            options=_options(
                gettext("May"), gettext("October"), gettext("Friday"), gettext("Evening"), right=2
            ),
        ),
        _item("true-false", "true_false", gettext("A week has seven days."), answer=True),
    ]


def _typed() -> list[dict[str, Any]]:
    return [
        _item(
            "short",
            "short_answer",
            gettext("Type the name of the capital of Viet Nam, with its accents."),
            answers=[{"text": "Hà Nội", "fraction": "1", "match": "casefold"}],
        ),
        _item(
            "number",
            "numeric",
            gettext("How many minutes are two hours and a half? Type a number."),
            answers=[{"value": "150", "tolerance": "0", "fraction": "1"}],
        ),
        _item(
            "essay",
            "essay",
            gettext(
                "Write a few sentences about the place you live in. Try to break the connection meanwhile,"
                " and go on."
            ),
            rubric=[],
            min_words=None,
            max_words=200,
        ),
    ]


def _arranged() -> list[dict[str, Any]]:
    return [
        _item(
            "pairs",
            "matching",
            gettext("Find the opposite of each word."),
            pairs=[
                {"id": "p1", "text": gettext("high"), "match": gettext("low")},
                {"id": "p2", "text": gettext("long"), "match": gettext("short")},
                {"id": "p3", "text": gettext("early"), "match": gettext("late")},
            ],
            extra_targets=[gettext("warm")],
        ),
        _item(
            "order",
            "ordering",
            gettext("Put these spans of time in order, the shortest first."),
            sequence=[
                {"id": "e2", "text": gettext("an hour")},
                {"id": "e1", "text": gettext("a day")},
                {"id": "e3", "text": gettext("a month")},
            ],
        ),
        _item(
            "gaps",
            "gap_fill",
            gettext("A year has [[g1]] months, a day has [[g2]] hours."),
            gaps=[_gap("g1", "12"), _gap("g2", "24")],
        ),
    ]


def _composed() -> list[dict[str, Any]]:
    questions = [
        _item(
            "closes",
            "single_choice",
            gettext("When does the office close in the afternoon?"),
            options=_options(gettext("At half past five"), gettext("At noon"), gettext("At eight")),
        ),
        _item(
            "hours",
            "numeric",
            gettext("How many hours is it open on a day?"),
            answers=[{"value": "8", "tolerance": "0", "fraction": "1"}],
        ),
    ]
    return [
        _item(
            "case",
            "case_study",
            gettext("Read the notice and answer both questions."),
            marks="2",
            stimulus=gettext(
                "The office is open from 7:30 to 11:30 and from 13:30 to 17:30 on working days."
            ),
            items=questions,
        )
    ]


def _gap(name: str, value: str) -> dict[str, Any]:
    return {"id": name, "kind": "numeric", "answers": [{"value": value, "tolerance": "0", "fraction": "1"}]}


def _options(*texts: str, right: int = 1) -> list[dict[str, str]]:
    share = "1" if right == 1 else "0.5"
    return [
        {"id": f"o{index}", "text": text, "fraction": share if index < right else "0"}
        for index, text in enumerate(texts)
    ]


def _item(name: str, kind: str, stem: str, *, marks: str = "1", **keys: Any) -> dict[str, Any]:
    return {
        "id": name,
        "version": 1,
        "kind": kind,
        "title": "",
        "stem": stem,
        "marks": marks,
        "shuffle": False,
        "topics": [],
        "level": None,
        "difficulty": None,
        "source": None,
        "tags": [],
        "feedback": None,
        **keys,
    }
