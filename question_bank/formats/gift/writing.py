# SPDX-License-Identifier: Apache-2.0
"""Items as GIFT. Stems and feedback are Markdown there too; options say that they are plain."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from question_bank.formats import amounts, categories, companion, gradings
from question_bank.formats.format import NotHeld
from question_bank.formats.gift.scanner import CATEGORY, escaped
from question_bank.item import Item
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.description import Description
from question_bank.kinds.essay import Essay
from question_bank.kinds.matching import Matching
from question_bank.kinds.numeric import AcceptedNumber, Numeric
from question_bank.kinds.ordering import Ordering
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.true_false import TrueFalse

_WEIGHT_LIKE = re.compile(r"\s*[%0-9]")


def write(items: tuple[Item, ...]) -> bytes:
    """The items as a GIFT file; raises `NotHeld` for kinds that GIFT does not know."""
    topics: tuple[str, ...] = ()
    parts = []
    for item in items:
        if item.topics != topics:
            topics = item.topics
            parts.append(f"{CATEGORY} {categories.path(topics)}\n")
        parts.append(_question(item))
    return "\n".join(parts).encode("utf-8")


def _question(item: Item) -> str:
    write_answers = _WRITERS.get(type(item.body))
    if write_answers is None:
        raise NotHeld("unsupported_kind", f"GIFT has no questions of the kind {item.kind}.", item.kind)
    marks = [f"[id:{_in_brackets(item.id)}]", *(f"[tag:{_in_brackets(tag)}]" for tag in item.tags)]
    title = f"::{escaped(item.title.strip())}::" if item.title.strip() else ""
    beside = f"// {companion.NAME} {line}\n" if (line := companion.line_of(item)) else ""
    head = f"// {' '.join(marks)}\n{beside}{title}[markdown]{escaped(item.stem)}"
    general = f"\t####{escaped(item.feedback)}\n" if item.feedback else ""
    if isinstance(item.body, Description):
        if general:
            head += f"{{\n{general}}}"  # a description has no place for it: reading back will say so
        return head + "\n"
    return f"{head}{{{write_answers(item.body)}{general}}}\n"


def _choice(body: Choice) -> str:
    is_single = isinstance(body, SingleChoice)
    lines = []
    for option in body.options:
        mark = "=" if is_single and option.fraction == 1 else "~"
        weight = (
            "" if option.fraction == (1 if mark == "=" else 0) else f"%{amounts.percent_of(option.fraction)}%"
        )
        lines.append(f"\t{mark}{weight}[plain]{escaped(option.text)}{_feedback(option.feedback)}\n")
    return "\n" + "".join(lines)


def _true_false(body: TrueFalse) -> str:
    right, wrong = body.feedback_true, body.feedback_false
    if not body.answer:
        right, wrong = wrong, right
    said = f"{_feedback(wrong) or '#'}{_feedback(right)}" if right else _feedback(wrong)
    return ("TRUE" if body.answer else "FALSE") + said + "\n"


def _short_answer(body: ShortAnswer) -> str:
    if any(answer.match == "exact" for answer in body.answers):
        raise NotHeld("exact_match", "GIFT compares without regard to case, and this item asks for it.")
    lines = []
    for answer in body.answers:
        text = amounts.pattern_of(answer)
        weight = "" if answer.fraction == 1 and not _WEIGHT_LIKE.match(text) else _percent(answer)
        lines.append(f"\t={weight}{_plain(text)}{_feedback(answer.feedback)}\n")
    return "\n" + "".join(lines)


def _numeric(body: Numeric) -> str:
    return "#\n" + "".join(_number(answer) for answer in body.answers)


def _number(answer: AcceptedNumber) -> str:
    native = answer.native()
    if amounts.is_any_number(answer) and answer.fraction == 0:
        return f"\t~{_feedback(answer.feedback) or '#'}\n"
    spelt = (
        f"{native['low']}..{native['high']}"
        if answer.value is None
        else f"{native['value']}:{native['tolerance']}"
    )
    weight = "" if answer.fraction == 1 else _percent(answer)
    return f"\t={weight}{spelt}{_feedback(answer.feedback)}\n"


def _matching(body: Matching) -> str:
    pairs = [f"\t=[plain]{escaped(pair.text)} -> {escaped(pair.match)}\n" for pair in body.pairs]
    extra = [f"\t= -> {escaped(target)}\n" for target in body.extra_targets]
    return "\n" + "".join([*pairs, *extra])


def _ordering(body: Ordering) -> str:
    entries = "".join(f"[plain]{escaped(step.text)}\n" for step in body.sequence)
    return f">0 ALL VERTICAL {gradings.written(body.grading)} SHOW none\n{entries}"


def _feedback(text: str | None) -> str:
    return f"#{escaped(text)}" if text else ""


def _percent(answer: Any) -> str:
    return f"%{amounts.percent_of(answer.fraction)}%"


def _plain(text: str) -> str:
    """The text; one that begins like the name of a format gets a name of its own before it."""
    return ("[plain]" if text.lstrip().startswith("[") else "") + escaped(text)


def _in_brackets(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("]", "\\]").split())


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    SingleChoice: _choice,
    MultipleChoice: _choice,
    TrueFalse: _true_false,
    ShortAnswer: _short_answer,
    Numeric: _numeric,
    Matching: _matching,
    Ordering: _ordering,
    Essay: lambda _body: "",
    Description: lambda _body: "",
}
