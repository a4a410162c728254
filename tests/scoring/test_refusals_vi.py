# SPDX-License-Identifier: Apache-2.0
"""Every refusal has its Vietnamese words, and each of them comes of some mistake."""

from __future__ import annotations

import string

import pytest

from scoring.reading import Problem, UnusableInput
from scoring.refusals import PATTERNS, WORDS, in_language
from scoring.ruleset import parse
from tests.scoring.test_refusals import REVIEWED

MESSAGES = [line.split(": ", 2)[2] for line in REVIEWED.read_text(encoding="utf-8").splitlines()]
ELSEWHERE = {  # of files that cannot be parsed at all; of a JSON key given twice, which is then gone
    "appears twice",
    "is not UTF-8 text",
    "not TOML: {error}",
    "nested too deeply",
    "holds text that has no canonical form",
}


def in_vietnamese(message: str) -> str:
    return in_language(Problem(path="x", message=message), "vi")


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_refusal_is_worded_in_vietnamese() -> None:
    assert [message for message in MESSAGES if in_vietnamese(message) == message] == []


def test_every_wording_comes_of_some_mistake_and_keeps_its_facts() -> None:
    assert [words for words in WORDS if placeholders(words) != placeholders(WORDS[words])] == []
    first = {next(p.pattern for p, _ in PATTERNS if p.fullmatch(message)) for message in MESSAGES}
    unused = [
        words for (pattern, _), words in zip(PATTERNS, WORDS, strict=True) if pattern.pattern not in first
    ]
    assert set(unused) == ELSEWHERE


def test_the_facts_of_a_mistake_stand_in_its_words() -> None:
    assert in_vietnamese("must be a multiple of the step 0.5, but is 39.75") == (
        "phải là bội của bước điểm 0.5, nhưng là 39.75"
    )
    assert in_vietnamese("must be a list, not a table") == "phải là danh sách, không phải bảng"
    assert (
        in_vietnamese("must be a whole number, not the number 2.0") == "phải là số nguyên, không phải số 2.0"
    )
    assert in_language(Problem(path="x", message="is missing"), "en") == "is missing"
    assert in_vietnamese("something new") == "something new"


def test_a_file_that_cannot_be_read_at_all_is_refused_in_vietnamese() -> None:
    with pytest.raises(UnusableInput) as refused:
        parse("schema = ")
    (problem,) = refused.value.problems
    assert in_language(problem, "vi").startswith("không phải TOML: ")
    deep = "[" * 3000 + "]" * 3000
    with pytest.raises(UnusableInput) as refused:
        parse(f"a = {deep}")
    assert in_language(refused.value.problems[0], "vi") == "lồng quá nhiều tầng"
