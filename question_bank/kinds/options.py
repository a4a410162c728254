# SPDX-License-Identifier: Apache-2.0
"""Options of choice kinds: reading, writing, and the warning about options that name places."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from question_bank.fields import Fields
from question_bank.json_values import Json, decimal_text
from question_bank.text import comparison_key

ONE = Decimal(1)
MOST_OPTIONS = 26

_LONGEST_POSITIONAL = 100
_LETTER = r"(?:\(?[a-h]\)?)"
_NUMBER = r"(?:\(?[1-8]\)?)"
_AND = r"(?: ?(?:,|;|&|/|\+|-|–|và|hoặc|hay|lẫn|với|and|or) ?){1,2}"
_NUMBERS = rf"{_NUMBER}(?:{_AND}{_NUMBER}){{0,6}}"
_ENTRY = (
    r"(?:ý kiến|ý|phương án|đáp án|câu trả lời|câu|khẳng định|nhận định|lựa chọn|trường hợp|nội dung|mệnh đề)"
)
_LETTERS = rf"{_LETTER}(?:{_AND}(?:{_ENTRY} )?{_LETTER}){{1,6}}"
_COUNT = r"(?:hai|ba|bốn|năm|0?[2-8])"
_RIGHT = r"(?:(?:không |chưa )?(?:đúng|sai|chính xác))"
_TAIL = rf"(?:{_AND}{_LETTER} (?:thì )?{_RIGHT}){{0,3}}"
_VERDICT = rf"(?:(?: (?:và )?(?:đều |cùng )?(?:là )?{_RIGHT})?{_TAIL})"
_ABOVE = r"(?: (?:nêu |ở |kể )?(?:trên|trên đây|dưới đây))?"
_ONLY = "(?:chỉ )?(?:có )?"
_RUN = r"(?=[a-e]{2,5}(?![^\W_]))a?b?c?d?e?"  # "ABC": letters that run on without a sign between them
_END = r"(?:đầu(?: tiên)?|cuối(?: cùng)?)"
_IS = "(?: (?:is|are) .*)?"
_SOME = rf"(?:tất cả|toàn bộ|cả|không|một trong|hai trong|các|những|{_COUNT})"
_ORDINAL = r"(?:nhất|hai|ba|tư|bốn|năm|cuối(?: cùng)?)"
_ORDINALS = rf"thứ {_ORDINAL}(?:{_AND}(?:{_ENTRY} )?(?:thứ )?{_ORDINAL}){{0,4}}"
_POSITIONAL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_ONLY}(?:gồm )?(?:cả )?(?:{_COUNT} )?(?:{_ENTRY} )?{_LETTERS}(?:{_AND})?{_ABOVE}{_VERDICT}",
        rf"{_ONLY}(?:cả )?(?:{_COUNT} )?(?:các )?{_ENTRY} (?:{_LETTER}|{_LETTERS}|{_NUMBERS}){_VERDICT}",
        rf"{_ONLY}{_LETTER} {_RIGHT}(?:{_AND}{_LETTER} {_RIGHT}){{0,3}}",
        rf"(?:{_ONLY}(?:cả )?(?:{_ENTRY} )?{_RUN} (?:thì )?(?:đều |cùng )?{_RIGHT}|(?:cả|chỉ|chỉ có) {_RUN})",
        rf"{_ONLY}(?:cả )?(?:{_COUNT} )?(?:các )?{_ENTRY} {_END}{_VERDICT}",
        rf"cả (?:{_COUNT} {_ENTRY}|hai|ba|bốn|0?[2-8]){_ABOVE}{_VERDICT}",
        rf"{_COUNT} {_ENTRY} (?:đều |cùng )?{_RIGHT}",
        rf"{_ONLY}(?:cả )?(?:các )?{_ENTRY} {_ORDINALS}{_VERDICT}",
        rf"tất cả(?: (?:các|những|mọi))?(?: {_ENTRY})?{_ABOVE}{_VERDICT}",
        rf"{_SOME} .*(?<!cấp )(?:nêu trên|kể trên|ở trên|trên đây|trên){_VERDICT}",
        r"(?:all|none|both|any|neither|two|three)(?: of)?(?: the)?(?: [a-z]+)? above.{0,20}",
        rf"(?:both |only |either |options? |answers? ){{1,2}}{_LETTER}(?:{_AND}{_LETTER}){{0,6}}{_IS}",
        rf"{_LETTERS} (?:is|are) .{{1,30}}",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option; `fraction` is the share of the marks it earns or, negative, costs."""

    id: str
    text: str
    fraction: Decimal
    feedback: str | None = None
    fixed: bool = False

    def native(self) -> dict[str, Json]:
        """The option as a native file holds it."""
        written: dict[str, Json] = {"id": self.id, "text": self.text, "fraction": decimal_text(self.fraction)}
        if self.feedback is not None:
            written["feedback"] = self.feedback
        if self.fixed:
            written["fixed"] = True
        return written


def is_positional(text: str) -> bool:
    """True when the text refers to other options by letter or place, so that shuffling would falsify it.

    >>> [is_positional(text) for text in ("Cả A, B và C", "Các ý trên", "Áp dụng với cả công dân nước ngoài")]
    [True, True, False]
    """
    key = comparison_key(text.replace("*", "")).rstrip(" .;,!")
    return len(key) <= _LONGEST_POSITIONAL and any(pattern.fullmatch(key) for pattern in _POSITIONAL)


def parse_options(fields: Fields) -> tuple[Option, ...]:
    """The options; two at least, ids and texts all different."""
    fields.require("options")
    options = tuple(_option(entry) for entry in fields.objects("options"))
    if fields.has("options") and not 2 <= len(options) <= MOST_OPTIONS:
        fields.refuse(
            "option_count", f"A choice has 2 to {MOST_OPTIONS} options, not {len(options)}.", key="options"
        )
    _refuse_repeats(fields, "id", [option.id for option in options])
    _refuse_repeats(fields, "text", [" ".join(option.text.split()) for option in options])
    return options


def _option(fields: Fields) -> Option:
    fields.require("fraction")
    fraction = fields.decimal("fraction", least=-ONE, most=ONE)
    option = Option(
        id=fields.identifier("id"),
        text=fields.text("text"),
        fraction=Decimal(0) if fraction is None else fraction,
        feedback=fields.optional_text("feedback"),
        fixed=fields.flag("fixed", default=False),
    )
    if fraction is None and not fields.has("fraction"):
        fields.refuse("empty", "The fraction is empty.", key="fraction")
    fields.close()
    return option


def _refuse_repeats(fields: Fields, name: str, values: list[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value and value in seen:
            fields.refuse(
                "repeated_option", f"Two options have the {name} {value!r}.", key="options", detail=value
            )
        seen.add(value)


def shown(options: tuple[Option, ...]) -> list[Mapping[str, Json]]:
    """Id and text of each option: nothing else of an option may reach a candidate."""
    return [{"id": option.id, "text": option.text} for option in options]


def fixed_ids(options: tuple[Option, ...]) -> frozenset[str]:
    """The ids of options that keep their place."""
    return frozenset(option.id for option in options if option.fixed)
