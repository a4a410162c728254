# SPDX-License-Identifier: Apache-2.0
"""The questions of a Word text, gathered block by block, as Vietnamese papers are written.

"Câu 1. …" or "1. …", then "A. … B. … C. … D. …" under each other, side by side or in a table.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from question_bank.formats import lettered
from question_bank.formats.intake import TooMany
from question_bank.formats.native import MOST_ITEMS
from question_bank.formats.sheets import words
from question_bank.formats.word import answer_tables, between, lines, truth_keys
from question_bank.formats.word.document import Block, Paragraph, Table
from question_bank.formats.word.filling import Filler
from question_bank.formats.word.passage import Passage
from question_bank.formats.word.questions import LETTERS, Found, Question
from question_bank.formats.word.truth_keys import Cells

_MOST_ALIKE = 9  # as many parts of a paper may count anew
_UNSTYLED = 9  # the depth of a heading that only its words make one


def found_in(blocks: Sequence[Block]) -> Found:
    """The questions of the text."""
    every = [paragraph.passage.text for paragraph in _all(blocks)]
    gatherer = _Gatherer(
        has_words=any(lines.NUMBERED.match(text) for text in every),
        may_be_small=not any(lines.CAPITAL_OPTION.match(text) for text in every),
    )
    for block in blocks:
        gatherer.take(block)
    return gatherer.finished()


def _all(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from (paragraph for row in block.rows for cell in row for paragraph in cell)


class _Gatherer:
    def __init__(self, *, has_words: bool, may_be_small: bool) -> None:
        self.found = Found()
        self._has_words = has_words
        self._filler = Filler(may_be_small)
        self._question: Question | None = None
        self._headings: list[tuple[int, str]] = []
        self._level = ""
        self._is_essay = False
        self._is_choice = False
        self._is_short = False
        self._answered: Question | None = None  # which the lines of a marking guide are about
        self._numbered: dict[int, list[Question]] = {}  # the first few questions of each number
        self._shared: between.Shared | None = None
        self._is_keys = False

    def take(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block)
        else:
            self._table(block)

    def finished(self) -> Found:
        """Everything found, once the text is at its end."""
        self._share(None)
        self.found.keys.end()
        return self.found

    def _table(self, table: Table) -> None:
        cells = [["\n".join(p.passage.text for p in cell) for cell in row] for row in table.rows]
        pairs = answer_tables.pairs_of(cells)
        if self.found.keys.take_codes(cells):
            self._question = None
        elif pairs and (self._is_keys or answer_tables.is_table_of_keys(cells)):
            self.found.keys.end()
            self.found.keys.add(pairs)
            self._question = None
        elif self._question is not None and self._takes_ticks(self._question, cells):
            self._question.ticked = table
        elif answer_tables.is_table_of_questions(cells):
            self.found.tables.append(table)
            self._question = None
        elif self._holds_questions(table):
            self._paragraphs_of(table)
        else:
            self._keep_table(table)

    def _keep_table(self, table: Table) -> None:
        """Keep a table of something else with the text it stands in: shared, or of one question."""
        if self._question is None and self._shared:
            self._shared.blocks.append(table)
        elif self._question is None or self._question.options:
            self._paragraphs_of(table)
        else:
            self._question.stem.append(table)

    def _paragraphs_of(self, table: Table) -> None:
        for paragraph in _all([table]):
            self._paragraph(paragraph)
            if self._is_keys:
                self.found.keys.end()  # what stands in two cells is not one key

    def _takes_ticks(self, question: Question, cells: Cells) -> bool:
        """Whether the table holds the statements of the question, which has no others."""
        is_open = not question.options and question.ticked is None and bool(question.stem)
        return is_open and answer_tables.is_table_of_ticks(cells)

    def _holds_questions(self, table: Table) -> bool:
        texts = [p.passage.text for p in _all([table])]
        return any(
            self._start(text) or lettered.labels(text, may_be_small=self._filler.may_be_small)
            for text in texts
        )

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.passage.text
        self._filler.continues = False
        if not self._is_keys and self._begins_shared(text):
            self._question = None
        elif self._is_heading(paragraph):
            self._heading(paragraph)
            return
        elif self._is_between(text):
            self._part(" ".join(text.split()))
            return
        for line in paragraph.passage.lines():
            if not line.is_blank:
                self._line(line)
                self._filler.continues = True
        if self._question is not None and paragraph.is_entry and not self._question.options:
            self._question.has_entries |= not self._start(text)

    def _is_heading(self, paragraph: Paragraph) -> bool:
        text = paragraph.passage.text.strip()
        if not text or self._start(text) or (self._is_keys and answer_tables.pairs_in(text)):
            return False
        is_said_of_one = self._question is not None and ":" in text  # "Mức độ: Vận dụng" below its question
        names_level = not is_said_of_one and lines.named_level(text) != ""
        return paragraph.heading is not None or words.is_section(text) or names_level

    def _heading(self, paragraph: Paragraph) -> None:
        text = " ".join(paragraph.passage.text.split())
        self._question, self._is_keys = None, False
        if self._begins_keys(text):
            return
        self.found.keys.end()
        self.found.keys.name_paper(text)
        self._begin_part(text)
        if level := lines.named_level(text):
            self._level = level
            return
        depth = paragraph.heading if paragraph.heading is not None else _UNSTYLED
        self._headings = [entry for entry in self._headings if entry[0] < depth]
        self._headings.append((depth, text[:200]))
        self._level = ""

    def _begins_keys(self, text: str) -> bool:
        """Whether the keys of the questions above follow."""
        if not (lines.KEYS_BEGIN.fullmatch(text) and self.found.questions):
            return False
        is_open = self._question is not None and bool(self._question.stem) and not self._question.options
        self._answered = self._question if is_open else None
        self._question, self._is_keys = None, True
        self.found.keys.begin(text)
        return True

    def _goes_on(self, text: str) -> bool:
        """Whether the next question stands below the answer of one: "Hướng dẫn chấm" is no end of a file."""
        start = lines.NUMBERED.match(text) if self._has_words else None
        is_next = start is not None and int(start[1]) == self.found.questions[-1].number + 1
        return is_next and not answer_tables.pairs_in(text) and not truth_keys.taken_from(text)[0]

    def _answer(self, line: Passage) -> None:
        """Take a line of the keys; what it says of a question without options answers that one."""
        text = line.text
        self.found.keys.add_line(text)
        if answer_tables.pairs_in(text) or truth_keys.taken_from(text)[0]:
            return
        if start := lines.NUMBERED.match(text):
            named = [each for each in self._numbered.get(int(start[1]), ()) if not each.options]
            self._answered = named[0] if len(named) == 1 else None
            line = line.cut(start.end())
        if self._answered is not None and not line.is_blank:
            self._filler.append(self._answered.answer, line)

    def _returns_to_keys(self, text: str) -> bool:
        """Whether a line of keys stands where no title calls it so, or where one of a part came between."""
        is_over = self._question is None or len(self._question.options) > 1
        if not (is_over and self.found.questions and answer_tables.is_line(text)):
            return False
        self._question, self._is_keys = None, True
        return True

    def _is_between(self, text: str) -> bool:
        place = len(self._question.options) if self._question else len(LETTERS)
        return not self._is_keys and between.is_title(text, LETTERS[place : place + 1])

    def _part(self, title: str) -> None:
        """Begin a part of the paper: the chapters of the one before, unless headings of Word, are over."""
        self._question = None
        self._headings = [entry for entry in self._headings if entry[0] < _UNSTYLED]
        self._begin_part(title)

    def _begin_part(self, title: str) -> None:
        self._is_essay, self._is_choice = between.names_essays(title), between.names_choices(title)
        self._is_short = between.names_short_answers(title)
        self._share(None)

    def _begins_shared(self, text: str) -> bool:
        """Note a text for the questions below it."""
        question = self._question
        may_go_on = question is not None and (question.is_explained or not question.options)
        last = question.number if question and may_go_on else None
        found = between.shared_from(text, last, is_in_row=self._shared is not None)
        if found is None:
            return False
        self._share(found)
        return True

    def _share(self, shared: between.Shared | None) -> None:
        """The text that the questions below share from here on; one that no question had is told."""
        if self._shared and not self._shared.is_used:
            words_of = [each.text for each in self._shared.blocks if isinstance(each, Passage)]
            self.found.unused += [text.strip()[:60] for text in words_of[:1]]
        self._shared = shared

    def _start(self, text: str) -> re.Match[str] | None:
        if self._has_words:
            return None if between.heads_several(text) else lines.NUMBERED.match(text)
        found = lines.BARE.match(text)
        if found is None:
            return None
        last = self._question or (self.found.questions[-1] if self.found.questions else None)
        is_next = last is None or int(found[1]) in {last.number + 1, 1}
        is_over = self._question is None or len(self._question.options) > 1 or self._is_essay
        return found if is_next and is_over else None

    def _line(self, line: Passage) -> None:
        text = line.text
        if self._begins_keys(text):
            return
        self._is_keys = self._is_keys and not self._goes_on(text)
        if self._is_keys or self._returns_to_keys(text):
            self._answer(line)
        elif lines.END.fullmatch(text):
            self._question = None
        elif start := self._start(text):
            self._begin(line, start)
        elif self._question is not None:
            self._filler.add(self._question, line)
        elif lines.CODE.search(text):
            self.found.keys.name_paper(text)
        elif lines.PART.match(text.strip()):
            self._begin_part(text)
        elif self._shared:
            self._filler.append(self._shared.blocks, line)

    def _begin(self, line: Passage, start: re.Match[str]) -> None:
        if len(self.found.questions) >= MOST_ITEMS:
            raise TooMany(1, f"{MOST_ITEMS} questions")
        topics = tuple(dict.fromkeys(text for _, text in self._headings))
        question = Question(int(start[1]), topics, self._level, self._is_essay)
        question.is_in_choices = question.is_choice = self._is_choice
        question.is_short = self._is_short
        if self._shared and self._shared.is_for(question.number):
            question.shared = list(self._shared.blocks)
            self._shared.is_used = True
            self._shared = None if self._shared.is_for_next_only else self._shared
        self._question = question
        self.found.questions.append(question)
        alike = self._numbered.setdefault(question.number, [])
        if len(alike) < _MOST_ALIKE:
            alike.append(question)
        marks, level, at = lines.asides(line.text, start.end())
        question.marks, question.level = marks or question.marks, level or question.level
        rest = line.cut(at)
        if not rest.is_blank:
            self._filler.add(question, rest)
