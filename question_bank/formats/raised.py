# SPDX-License-Identifier: Apache-2.0
"""Raised and lowered characters in a plain text."""

_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def shifted(inside: str, name: str) -> str:
    """Raised and lowered digits as such; other texts spelt as people type them."""
    table, sign = (_SUPERSCRIPT, "^") if name == "sup" else (_SUBSCRIPT, "_")
    bare = inside.strip()
    if all(ord(char) in table for char in bare):
        return bare.translate(table)
    return f"{sign}{bare}" if len(bare) == 1 else f"{sign}({bare})"
