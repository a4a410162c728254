# SPDX-License-Identifier: Apache-2.0
"""The keys that stand apart from their questions: gathered under the codes of papers, found by number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.formats.intake import TooMany
from question_bank.formats.word import answer_tables, lines, truth_keys
from question_bank.formats.word.truth_keys import Cells, Pairs

MOST_SIGNS = 1_000_000
UNSURE = "?"  # the key where several are named


@dataclass(slots=True)
class Keys:
    """Keys by number, those of several papers by code."""

    plain: Pairs = field(default_factory=list)
    coded: dict[str, Pairs] = field(default_factory=dict)
    papers: set[str] = field(default_factory=set)  # the codes that the paper itself names
    _code: str = ""
    _left: int = MOST_SIGNS
    _lines: list[str] = field(default_factory=list)

    def name_paper(self, text: str) -> None:
        """Note the code of this paper, where the text names one."""
        if code := lines.CODE.search(text):
            self.papers.add(code[1])

    def begin(self, text: str) -> None:
        """The keys of the paper that this title names follow, if it names one."""
        self.end()
        if code := lines.CODE.search(text):
            self._code = code[1]

    def add_line(self, text: str) -> None:
        """Take a line of keys, or one that says whose keys follow."""
        self._left -= len(text)
        if self._left < 0:
            raise TooMany(1, f"{MOST_SIGNS} characters of keys")
        if lines.CODE.search(text):
            self.begin(text)
        self._lines.append(lines.CODE.sub(" ", text))

    def end(self) -> None:
        """The lines taken so far are read: a question may have several of them."""
        text, self._lines = "\n".join(self._lines), []
        truths, rest = truth_keys.taken_from(text)
        self.add(truths)
        for line in rest.split("\n"):
            self.add(answer_tables.pairs_in(line))

    def add(self, pairs: Pairs) -> None:
        """Keep keys, under the code of the paper where one stands above them."""
        if self._code:
            self.coded.setdefault(self._code, []).extend(pairs)
        else:
            self.plain += pairs

    def take_codes(self, cells: Cells) -> bool:
        """Take a table with the keys of several papers; False where it is none."""
        found = answer_tables.by_code(cells)
        for code, pairs in found.items():
            self.coded.setdefault(code, []).extend(pairs)
        return bool(found)

    def of_this_paper(self) -> Pairs | None:
        """The keys of this paper, be they of several in the file; None where nothing says which it is."""
        if not self.coded:
            return self.plain
        named = self.papers & self.coded.keys()
        if not named and not self.plain and len(self.coded) == 1:
            named = set(self.coded)
        return self.coded[named.pop()] if len(named) == 1 else None


def by_place(numbers: Sequence[tuple[int, int]], keys: Pairs) -> Mapping[int, str]:
    """The keys by the place of their question, given place and number of each: each part may count anew."""
    asked = [number for _, number in numbers]
    if len(set(asked)) == len(asked):
        by_number: dict[int, set[str]] = {}
        for number, said in keys:
            by_number.setdefault(number, set()).add(said)
        return {
            place: next(iter(by_number[number])) if len(by_number[number]) == 1 else UNSURE
            for place, number in numbers
            if number in by_number
        }
    if [number for number, _ in keys] == asked:
        return {place: said for (place, _), (_, said) in zip(numbers, keys, strict=True)}
    return {}
