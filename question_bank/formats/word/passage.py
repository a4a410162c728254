# SPDX-License-Identifier: Apache-2.0
"""A stretch of a Word text, with what marks each part of it: a key may be no more than a bold letter."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

OBJECT = "\ufffc"  # stands in the text for a picture or an equation

Marks = frozenset[str]
NO_MARKS: Marks = frozenset()
_TAGS = {"sup": "sup", "sub": "sub"}
_EMPHASIS = {"underline": "u", "bold": "b", "italic": "i"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters with the same marks, or one object: a picture as a data address, or what is lost."""

    text: str
    marks: Marks = NO_MARKS
    picture: str = ""
    lost: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """Pieces in a row; `text` is what they say, with one character for each object."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_blank(self) -> bool:
        """True when there is nothing to read or to see."""
        return not self.text.strip()

    def cut(self, start: int, end: int | None = None) -> "Passage":
        """The part between two places of the text."""
        found: list[Piece] = []
        at = 0
        for piece in self.pieces:
            first, last = (
                max(start - at, 0),
                (len(piece.text) if end is None else min(end - at, len(piece.text))),
            )
            if first < last:
                found.append(replace(piece, text=piece.text[first:last]))
            at += len(piece.text)
        return Passage(tuple(found))

    def lines(self) -> list["Passage"]:
        """The passage at its line ends."""
        found, start = [], 0
        text = self.text
        if "\n" not in text:
            return [self]
        for at, char in enumerate(text):
            if char == "\n":
                found.append(self.cut(start, at))
                start = at + 1
        return [*found, self.cut(start)]

    def marks(self) -> Marks:
        """The marks on more than half of the letters."""
        letters = [(sum(char.isalnum() for char in piece.text), piece.marks) for piece in self.pieces]
        total = sum(count for count, _ in letters)
        every = frozenset[str]().union(*(marks for _, marks in letters)) if letters else NO_MARKS
        return frozenset(m for m in every if 2 * sum(count for count, marks in letters if m in marks) > total)

    def lost(self) -> list[str]:
        """What of the passage cannot be kept: equations, drawings."""
        return [piece.lost for piece in self.pieces if piece.lost]

    def html(self, *, with_emphasis: bool) -> str:
        """The passage as HTML: raised and lowered parts, pictures, emphasis that does not reach over all."""
        over_all = self._over_all()
        parts = []
        for piece in self.pieces:
            inside = _shown(piece)
            tags = [tag for mark, tag in _TAGS.items() if mark in piece.marks]
            if with_emphasis and piece.text.strip() and not piece.picture:
                tags += [
                    tag for mark, tag in _EMPHASIS.items() if mark in piece.marks and mark not in over_all
                ]
            for tag in tags:
                inside = f"<{tag}>{inside}</{tag}>"
            parts.append(inside)
        return "".join(parts)

    def _over_all(self) -> Marks:
        filled = [piece.marks for piece in self.pieces if piece.text.strip() and not piece.picture]
        return frozenset.intersection(*filled) if filled else NO_MARKS


def joined(passages: Iterable[Passage], between: str = " ") -> Passage:
    """The passages behind each other."""
    found: list[Piece] = []
    for passage in passages:
        found += [Piece(between)] if found else []
        found += passage.pieces
    return Passage(tuple(found))


def merged(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces, neighbours with the same marks as one."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if (
            last
            and not (piece.picture or piece.lost or last.picture or last.lost)
            and last.marks == piece.marks
        ):
            found[-1] = replace(last, text=last.text + piece.text)
        elif piece.text:
            found.append(piece)
    return tuple(found)


def _shown(piece: Piece) -> str:
    if piece.picture:
        return f'<img src="{piece.picture}" alt="">'
    return f"[{piece.lost}]" if piece.lost else html.escape(piece.text, quote=False).replace("\n", "<br>")
