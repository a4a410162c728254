# SPDX-License-Identifier: Apache-2.0
"""A text with gaps as Moodle's cloze."""

import re

from question_bank.formats import amounts
from question_bank.formats.format import NotHeld
from question_bank.item import Item
from question_bank.json_values import decimal_text
from question_bank.kinds.choice import Choice, SingleChoice
from question_bank.kinds.gap_fill import Gap, GapFill
from question_bank.kinds.numeric import AcceptedNumber, Numeric
from question_bank.kinds.short_answer import ShortAnswer

_SIGNS = re.compile(r"[}~#\"/\\]")


def stem(item: Item) -> str:
    """The text with each gap spelt out in its place; raises `NotHeld` for weights in parts."""
    text = item.stem
    if isinstance(item.body, GapFill):
        for gap in item.body.gaps:
            text = text.replace(f"[[{gap.id}]]", _gap(gap, item.shuffle), 1)
    return text


def is_exact(body: ShortAnswer) -> bool:
    """True when case counts in every answer; raises `NotHeld` where it counts in some only."""
    ways = {answer.match for answer in body.answers if (answer.match, answer.text) != ("pattern", "*")}
    if "exact" in ways and len(ways) > 1:
        message = "Moodle knows case for all answers of a question or for none."
        raise NotHeld("mixed_matching", message)
    return "exact" in ways


def _gap(gap: Gap, shuffle: bool) -> str:
    if gap.weight != int(gap.weight) or gap.weight > 9999:
        message = f"The gap {gap.id} weighs {decimal_text(gap.weight)}; in cloze weights are whole numbers."
        raise NotHeld("gap_weight", message, gap.id)
    return f"{{{int(gap.weight)}:{_body(gap, shuffle)}}}"


def _body(gap: Gap, shuffle: bool) -> str:
    if isinstance(gap.body, Choice):
        name = ("MULTICHOICE" if isinstance(gap.body, SingleChoice) else "MULTIRESPONSE") + (
            "_S" if shuffle else ""
        )
        return f"{name}:" + "~".join(
            _answer(option.text, amounts.percent_of(option.fraction), option.feedback)
            for option in gap.body.options
        )
    if isinstance(gap.body, ShortAnswer):
        name = "SHORTANSWER_C" if is_exact(gap.body) else "SHORTANSWER"
        return f"{name}:" + "~".join(
            _answer(amounts.pattern_of(answer), amounts.percent_of(answer.fraction), answer.feedback)
            for answer in gap.body.answers
        )
    return "NUMERICAL:" + "~".join(_number(gap.body, answer) for answer in gap.body.answers)


def _number(_body: Numeric, answer: AcceptedNumber) -> str:
    spelt = "*" if amounts.is_any_number(answer) else ":".join(amounts.value_and_tolerance(answer))
    return _answer(spelt, amounts.percent_of(answer.fraction), answer.feedback)


def _answer(text: str, percent: str, feedback: str | None) -> str:
    return f"%{percent}%{_escaped(text)}" + (f"#{_escaped(feedback)}" if feedback else "")


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)
