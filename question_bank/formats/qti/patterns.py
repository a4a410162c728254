# SPDX-License-Identifier: Apache-2.0
"""Answers with stars as regular expressions of `patternMatch`, and back: no other expression is obeyed.

A star is `.*`, blanks are `\\s+`, and a letter stands there in both of its cases, `[hH]`, for such answers
are compared without regard to case. Whoever obeys an arbitrary expression can be made to reckon for ever.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from question_bank.kinds.short_answer import AcceptedText, fits_wildcard
from question_bank.text import one_line

_PART = re.compile(r"\.\*|\\s\+|\\([^\w\s])|\[([^\[\]\\^-]{1,4})\]|([^\\\[\](){}.*+?|^$])")
_SPECIAL = frozenset("\\[](){}.*+?|^$-")
_STAR = "\\*"


@dataclass(frozen=True, slots=True)
class Pattern:
    """The answer as items spell it, and whether the case of its letters does not count."""

    text: str
    is_loose: bool

    def fits(self, response: str) -> bool:
        """True when the whole response is this answer."""
        if self.is_loose:
            return AcceptedText(text=self.text, fraction=Decimal(1), match="pattern").fits(response)
        return fits_wildcard(self.text, one_line(response))

    def sample(self, filler: str) -> str:
        """A response that fits, with the filler for every star."""
        return filler.join(piece.replace(_STAR, "*") for piece in re.split(r"(?<!\\)\*", self.text))


def read(spelt: str) -> Pattern | None:
    """The pattern, or None for an expression that says more than stars can."""
    text, at, loose = "", 0, set[bool]()
    while at < len(spelt):
        found = _PART.match(spelt, at)
        if found is None:
            return None
        escaped, letters, plain = found.groups()
        if letters is not None and len({letter.casefold() for letter in letters}) > 1:
            return None
        sign = escaped or (letters and letters[0]) or plain
        if sign is not None:
            text += _STAR if sign == "*" else sign
            loose |= {letters is not None} if sign.swapcase() != sign else set()
        elif found[0] == ".*" and text.endswith("\\"):
            return None  # in an answer with stars a backslash takes the star's meaning away
        else:
            text += "*" if found[0] == ".*" else " "
        at = found.end()
    return Pattern(text, loose <= {True}) if text.strip() and loose != {True, False} else None


def written(text: str) -> str | None:
    """The expression for an answer with stars; None where a letter has no two cases of one sign each."""
    made = ""
    for part in re.findall(r"\\\*|\*|\s+|.", one_line(text), re.DOTALL):
        if part == "*":
            made += ".*"
        elif part == _STAR:
            made += _STAR
        elif part.isspace():
            made += r"\s+"
        elif len(cases := dict.fromkeys((part, part.lower(), part.upper()))) > 1:
            if any(len(each) > 1 for each in (*cases, part.casefold())) or _SPECIAL & set(cases):
                return None
            made += f"[{''.join(cases)}]"
        else:
            made += f"\\{part}" if part in _SPECIAL else part
    return made
