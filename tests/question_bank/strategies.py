# SPDX-License-Identifier: Apache-2.0
"""Hypothesis strategies: native items of every kind, with any text that UTF-8 can hold."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from question_bank.text import control_in

Raw = dict[str, Any]

_CONTROLS = "".join(sign for sign in map(chr, (*range(32), 0x7F, 0xFFFE, 0xFFFF)) if control_in(sign))
ids = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
texts = st.text(st.characters(codec="utf-8", exclude_characters=_CONTROLS), min_size=1, max_size=30).filter(
    lambda text: text.strip() != ""
)
maybe_text = st.none() | texts
fractions = st.integers(0, 100).map(lambda n: f"{n / 100:.2f}")
partial = st.integers(-100, 99).map(lambda n: f"{n / 100:.2f}")
maxima = st.integers(1, 100).map(lambda n: f"{n / 100:.2f}")


def _distinct(entries: st.SearchStrategy[Raw], key: str, least: int) -> st.SearchStrategy[list[Raw]]:
    return st.lists(entries, min_size=least, max_size=6, unique_by=(lambda e: e[key], lambda e: e.get("id")))


_options = st.fixed_dictionaries(
    {
        "id": ids,
        "text": texts.map(str.strip),
        "fraction": fractions,
        "fixed": st.booleans(),
        "feedback": maybe_text,
    }
)


@st.composite
def _choice(draw: st.DrawFn) -> Raw:
    options = draw(_distinct(_options, "text", 2))
    right = draw(st.sampled_from(options))
    return {"options": [{**each, "fraction": "1" if each is right else draw(partial)} for each in options]}


_gradings = st.sampled_from(["parts", "exact"])


@st.composite
def _multiple(draw: st.DrawFn) -> Raw:
    options = draw(_distinct(_options, "text", 2))
    right = draw(st.integers(1, len(options)))
    share = {1: "1", 2: "0.5", 3: "0.333", 4: "0.25", 5: "0.2", 6: "0.167"}[right]
    return {
        "options": [
            {**option, "fraction": share if place < right else "-" + option["fraction"]}
            for place, option in enumerate(options)
        ],
        "grading": draw(_gradings),
    }


_short = st.lists(
    st.fixed_dictionaries(
        {"text": texts, "fraction": fractions, "match": st.sampled_from(["exact", "casefold", "pattern"])}
    ),
    max_size=3,
).map(lambda answers: {"answers": [{"text": "đúng", "fraction": "1", "match": "exact"}, *answers]})

_numeric = st.lists(
    st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 100), fractions).map(
        lambda t: {"value": str(t[0]), "tolerance": str(t[1]), "fraction": t[2]}
    ),
    max_size=3,
).map(lambda answers: {"answers": [{"low": "-1.5", "high": "2", "fraction": "1"}, *answers]})

_matching = st.tuples(
    _distinct(st.fixed_dictionaries({"id": ids, "text": texts, "match": texts}), "match", 2), _gradings
).map(lambda t: {"pairs": t[0], "grading": t[1]})
_ordering = st.tuples(
    _distinct(st.fixed_dictionaries({"id": ids, "text": texts}), "text", 2),
    st.sampled_from(["position", "adjacent", "exact"]),
).map(lambda t: {"sequence": t[0], "grading": t[1]})
_essay = _distinct(
    st.fixed_dictionaries({"key": ids, "title": texts, "max": maxima, "guidance": maybe_text}), "key", 0
).map(lambda rubric: {"rubric": [{name: row[name] for name in row} for row in rubric]})

_bodies: dict[str, st.SearchStrategy[Raw]] = {
    "single_choice": _choice(),
    "multiple_choice": _multiple(),
    "true_false": st.fixed_dictionaries({"answer": st.booleans(), "feedback_true": maybe_text}),
    "short_answer": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "description": st.just({}),
}


def single_choices() -> st.SearchStrategy[Raw]:
    """A single-choice item."""
    return _choice().map(lambda body: {"id": "q", "kind": "single_choice", "stem": "Câu hỏi?", **body})


@st.composite
def simple_items(draw: st.DrawFn) -> Raw:
    """An item of a kind that holds no other items."""
    kind = draw(st.sampled_from(sorted(_bodies)))
    return {
        "id": draw(ids),
        "kind": kind,
        "stem": draw(texts),
        **draw(_bodies[kind]),
        "title": draw(maybe_text),
        "shuffle": draw(st.booleans()),
        "topics": draw(st.lists(texts, max_size=2)),
        "level": draw(st.none() | st.sampled_from(["remember", "understand", "apply"])),
        "difficulty": draw(st.none() | fractions),
        "source": {"instrument": draw(maybe_text), "valid_from": draw(st.sampled_from([None, "2025-07-01"]))},
        "feedback": draw(maybe_text),
        "restricted": draw(st.booleans()),
    }


@st.composite
def _statements(draw: st.DrawFn) -> Raw:
    """Statements under one text, marked each by itself or by their number."""
    count = draw(st.integers(2, 5))
    items = [
        {"id": "abcde"[place], "kind": "true_false", "stem": draw(texts), "answer": draw(st.booleans())}
        for place in range(count)
    ]
    shares = sorted(draw(st.lists(fractions, min_size=count - 1, max_size=count - 1)), key=Decimal)
    steps = {"grading": "steps", "steps": [*shares, "1"]} if draw(st.booleans()) else {}
    return {"id": "case", "kind": "case_study", "stimulus": draw(texts), "items": items, **steps}


@st.composite
def items(draw: st.DrawFn) -> Raw:
    """An item of any kind, case studies and gaps included."""
    if draw(st.integers(0, 4)):
        return draw(simple_items())
    if not draw(st.integers(0, 2)):
        return draw(_statements())
    parts = draw(st.lists(simple_items(), min_size=1, max_size=3, unique_by=lambda item: item["id"]))
    if draw(st.booleans()) and any(part["kind"] != "description" for part in parts):
        return {"id": "case", "kind": "case_study", "stimulus": draw(texts), "items": parts}
    kinds = ("single_choice", "multiple_choice", "short_answer", "numeric")
    gaps = []
    for place in range(draw(st.integers(1, 2))):
        kind = draw(st.sampled_from(kinds))
        own = {key: value for key, value in draw(_bodies[kind]).items() if key != "grading"}
        gaps.append({"id": f"g{place + 1}", "kind": kind, **own})
    stem = " và ".join(f"[[{gap['id']}]]" for gap in gaps)
    return {
        "id": "gap",
        "kind": "gap_fill",
        "stem": f"Điền {stem} vào.",
        "gaps": gaps,
        "grading": draw(_gradings),
    }
