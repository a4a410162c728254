# SPDX-License-Identifier: Apache-2.0
"""What a JSON document may hold here, and the two spellings of a decimal number."""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | Decimal | Sequence[Json] | Mapping[str, Json] | None"

_DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,9})?")
_FINEST = Decimal("0.000001")


def parse_decimal(text: str) -> Decimal | None:
    """The number a plain decimal string spells, or None: no exponent, no blank, no thousands sign."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def decimal_text(number: Decimal) -> str:
    """The shortest plain spelling: "2.50" and "25E-1" are both "2.5", and minus zero is "0"."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def decimal_of(share: Fraction) -> Decimal:
    """The share as a decimal: exact where six places suffice, else rounded half up at the sixth."""
    exact = Decimal(share.numerator) / Decimal(share.denominator)
    return exact.quantize(_FINEST, rounding=ROUND_HALF_UP).normalize() + Decimal(0)
