# SPDX-License-Identifier: Apache-2.0
"""Numbers of a workbook as their cells show them: an option "25%" is stored as 0.25, a day as a count."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Context, Decimal, InvalidOperation

from question_bank.json_values import decimal_text

GENERAL = "General"
BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
    21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
}  # fmt: skip

_ASIDE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]|_.|\*.")
_PLACES = re.compile(r"\.(0+)")
_LEADING = re.compile(r"(0{2,})(?:\.|$)")
_EXACT = Context(prec=15)  # as many digits as Excel itself shows
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  # a day of the calendar, no instant
_LAST = 2_958_465
_LONGEST = 40


def shown(value: str, code: str, *, shift: int = 0) -> str:
    """The number as a cell of this format shows it; `shift` is how many days the workbook counts later."""
    if len(value) > _LONGEST:
        return value
    try:
        number = _EXACT.create_decimal(value)
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return value
    bare = _ASIDE.sub("", code.split(";", maxsplit=1)[0]).lower()
    if bare in {"", "@", GENERAL.lower()}:
        return decimal_text(number)
    if any(sign in bare for sign in "dmyhs"):
        return _moment(number + shift, bare) or decimal_text(number)
    if "%" in bare:
        return f"{_fixed(number * 100, bare)}%"
    return decimal_text(number) if "/" in bare or "e" in bare else _fixed(number, bare)


def _fixed(number: Decimal, code: str) -> str:
    places = _PLACES.search(code)
    try:
        rounded = number.quantize(Decimal(1).scaleb(-len(places[1]) if places else 0))
    except InvalidOperation:
        return decimal_text(number)
    text = format(rounded, "f")
    leading = _LEADING.match(code)
    return text.zfill(len(leading[1])) if leading and not places else text


def _moment(number: Decimal, code: str) -> str | None:
    if not 0 <= number <= _LAST:
        return None
    days = int(number)
    seconds = int(((number - days) * 86_400).to_integral_value())
    moment = _FIRST_DAY + timedelta(days=days, seconds=seconds)
    day = f"{moment:%d/%m/%Y}" if "y" in code else f"{moment.day}/{moment.month}"
    has_clock = "h" in code or "s" in code
    has_day = "d" in code or "y" in code
    clock = f"{moment:%H:%M}" if "s" not in code else f"{moment:%H:%M:%S}"
    return " ".join(part for part, is_there in ((day, has_day), (clock, has_clock)) if is_there) or None
