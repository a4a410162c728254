# SPDX-License-Identifier: Apache-2.0
"""The syntax trees of the GIFT grammar's own cases, as the items we expect of them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from question_bank.formats import categories, texts
from question_bank.formats.intake import Notes, option_ids
from question_bank.formats.texts import Source

Tree = dict[str, Any]


def expected_items(trees: list[Tree]) -> list[dict[str, Any]]:
    """What matters of each question: kind, texts, key, title, id, tags, topics."""
    topics: list[str] = []
    found = []
    for tree in trees:
        if tree["type"] == "Category":
            topics = categories.topics(tree["title"])
        else:
            found.append(_head(tree, topics) | _KINDS[tree["type"]](tree))
    return found


def _head(tree: Tree, topics: list[str]) -> Tree:
    return {
        "title": tree["title"] or "",
        "stem": texts.stem(_source(tree["stem"]), Notes()),
        "topics": tuple(topics),
        "tags": tuple(tree["tags"] or ()),
        "feedback": _feedback(tree.get("globalFeedback")),
    } | ({"id": tree["id"]} if tree["id"] else {})


def _choice(tree: Tree) -> Tree:
    choices = tree["choices"]
    options = [
        {"id": name, "text": texts.option(_source(choice["text"]), Notes()), **_worth(choice)}
        for name, choice in zip(option_ids(len(choices)), choices, strict=True)
    ]
    is_single = any(choice["isCorrect"] for choice in choices)
    return {"kind": "single_choice" if is_single else "multiple_choice", "options": options}


def _short(tree: Tree) -> Tree:
    answers = [
        {
            "text": choice["text"]["text"],
            "match": "pattern" if "*" in choice["text"]["text"] else "casefold",
            **_worth(choice),
        }
        for choice in tree["choices"]
    ]
    return {"kind": "short_answer", "answers": answers}


def _numeric(tree: Tree) -> Tree:
    choices = tree["choices"]
    if not isinstance(choices, list):
        return {"kind": "numeric", "answers": [{**_number(choices), "fraction": "1"}]}
    answers = [{**_number(choice["text"]), **_worth(choice)} for choice in choices]
    return {"kind": "numeric", "answers": answers}


def _number(text: Tree) -> Tree:
    if text.get("text") == "*":
        return {"low": "-999999999999", "high": "999999999999"}
    if text["type"] == "high-low":
        return {"low": str(text["numberLow"]), "high": str(text["numberHigh"])}
    return {"value": str(text["number"]), "tolerance": str(text.get("range", 0))}


def _true_false(tree: Tree) -> Tree:
    return {
        "kind": "true_false",
        "answer": tree["isTrue"],
        "feedback_true": _feedback(tree["trueFeedback"]),
        "feedback_false": _feedback(tree["falseFeedback"]),
    }


def _matching(tree: Tree) -> Tree:
    pairs = [
        {"id": f"p{number}", "text": pair["subquestion"]["text"], "match": pair["subanswer"]}
        for number, pair in enumerate(tree["matchPairs"], start=1)
    ]
    return {"kind": "matching", "pairs": pairs}


def _bare(tree: Tree) -> Tree:
    return {"kind": tree["type"].lower()}


def _worth(choice: Tree) -> Tree:
    usual = 100 if choice["isCorrect"] else 0
    percent = usual if choice["weight"] is None else choice["weight"]
    worth = {"fraction": format((Decimal(str(percent)) / 100).normalize(), "f")}
    feedback = _feedback(choice["feedback"])
    return worth if feedback is None else {**worth, "feedback": feedback}


def _feedback(text: Tree | None) -> str | None:
    return texts.feedback(_source(text), Notes()) if text else None


def _source(text: Tree) -> Source:
    return Source(text["text"], text["format"], 1)


_KINDS: dict[str, Callable[[Tree], Tree]] = {
    "MC": _choice,
    "Short": _short,
    "Numerical": _numeric,
    "TF": _true_false,
    "Matching": _matching,
    "Essay": _bare,
    "Description": _bare,
}
