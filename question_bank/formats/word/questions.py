# SPDX-License-Identifier: Apache-2.0
"""Where a Word text is a question, an option, a key, a chapter: as Vietnamese papers are written.

"Câu 1. …" or "1. …", then "A. … B. … C. … D. …" under each other, side by side or in a table.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from question_bank.formats import lettered
from question_bank.formats.sheets import words
from question_bank.formats.word import answer_tables, between
from question_bank.formats.word.document import Block, Paragraph, Table
from question_bank.formats.word.passage import Passage, joined
from question_bank.text import search_key

_NUMBERED = re.compile(
    r"\s{0,9}(?:Câu hỏi|Câu|CÂU HỎI|CÂU|Question|Bài tập|Q)\s{0,3}(?:số\s)?(\d{1,4})"
    r"(?=[\s.:)/–(\[-]|$)[\s.:)/–-]{0,5}"
)
_BARE = re.compile(r"\s{0,9}(\d{1,4})\s?[.)/:]\s{0,5}(?=\S)")
_ASIDE = re.compile(r"\s{0,3}[(\[]([^()\[\]]{1,40})[)\]][\s.:–-]{0,4}")
_MARKS = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s?(?:điểm|đ|points?)\b", re.IGNORECASE)
_KEY_LINE = re.compile(
    r"\s{0,9}\W{0,3}(?:(?:đáp án|phương án|câu trả lời)(?: đúng)?|đ/?a|trả lời|answer|correct answer"
    r"|chọn|keys?)"
    r"\s{0,3}(?:là)?\s{0,3}[:.=–-]?\s{0,3}(?:đáp án|phương án|câu|ý)?\s{0,3}"
    r"((?-i:[A-J])(?:\s{0,2}(?:,|;|&|và|and)\s{0,2}(?-i:[A-J])){0,9})(?:[\s.)–:-].{0,300})?",
    re.IGNORECASE,
)
_EXPLANATION = re.compile(
    r"\s{0,9}\W{0,2}(?:giải thích|lời giải|hướng dẫn giải|hướng dẫn|ly giải|lý giải|giải|căn cứ|explanation"
    r"|rationale|feedback)(?: chi tiết)?\s{0,3}[:.–-]\s{0,3}",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\s{0,9}\W{0,2}(?:mức độ|cấp độ|level)(?: nhận thức)?\s{0,3}[:.–-]?\s{0,3}(.{1,40})", re.IGNORECASE
)
_TOPIC = re.compile(
    r"\s{0,9}\W{0,2}(?:chủ đề|chuyên đề|lĩnh vực|topic)\s{0,3}:\s{0,3}(.{1,180})", re.IGNORECASE
)
_ID = re.compile(r"\s{0,9}mã(?: câu)?(?: hỏi)?\s{0,3}:\s{0,3}(\S{1,64})\s{0,9}", re.IGNORECASE)
_TRUTHS = re.compile(
    r"\s{0,9}\W{0,3}(?:đáp án|đ/?a|trả lời|keys?)(?: đúng)?\s{0,3}[:.=–-]?\s{0,3}"
    r"((?:(?:[a-h]\s?[).:–-]{0,2}\s{0,2})?(?:Đúng|Sai|Đ|S)(?![\w])[\s,;.–-]{0,5}){2,8})",
    re.IGNORECASE,
)
_TRUTH = re.compile(r"(?<!\w)(Đúng|Sai|Đ|S)(?!\w)", re.IGNORECASE)
_CODE = re.compile(r"mã đề(?: thi)?(?: số)?\s{0,3}[:.]?\s{0,3}(\d{2,4})(?!\d)", re.IGNORECASE)
_KEYS_BEGIN = re.compile(
    r"\W{0,9}(?:bảng )?(?:đáp án|hướng dẫn chấm|answer key|keys?)"
    r"(?: và [^.:]{1,60}|(?: mã)? đề [^.:]{1,60}| chi tiết)?\W{0,9}",
    re.IGNORECASE,
)
_END = re.compile(r"[\W_]{0,40}(?:hết|the end|end)[\W_]{0,40}", re.IGNORECASE)
_TITLE = re.compile(r"(?:trắc nghiệm|tự luận|phần\b.{0,150})", re.IGNORECASE)
_LETTERS = "ABCDEFGHIJ"
_UNSTYLED = 9  # the depth of a heading that only its words make one


@dataclass(slots=True)
class Option:
    """An option: its letter with what marks it, and its text."""

    letter: str
    label: Passage
    text: Passage
    has_star: bool


@dataclass(slots=True)
class Question:
    """A question as it is gathered."""

    number: int
    topics: tuple[str, ...]
    level: str
    is_essay: bool
    marks: str = ""
    id: str = ""
    stem: list[Passage | Table] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    key: str = ""
    truths: str = ""  # "ĐSĐS" of statements a) to d)
    ticked: Table | None = None  # whose rows are statements, with a column for Đúng and one for Sai
    explanation: list[Passage | Table] = field(default_factory=list)
    is_explained: bool = False
    is_choice: bool = False  # stands in a part of choices
    shared: list[Passage | Table] = field(default_factory=list)  # what other questions are about, too
    joined: list[str] = field(default_factory=list)  # letters of options that took in a further paragraph


@dataclass(slots=True)
class Found:
    """Everything a document holds: its questions, and the keys that stand apart from them."""

    questions: list[Question] = field(default_factory=list)
    keys: list[tuple[int, str]] = field(default_factory=list)
    coded: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # keys by the code of their paper
    codes: set[str] = field(default_factory=set)  # those the paper itself names
    tables: list[Table] = field(default_factory=list)


def found_in(blocks: Sequence[Block]) -> Found:
    """The questions of the text."""
    every = [paragraph.passage.text for paragraph in _all(blocks)]
    gatherer = _Gatherer(
        has_words=any(_NUMBERED.match(text) for text in every),
        may_be_small=not any(re.match(r"\s{0,9}\*?[A-B]\s?[.)]", text) for text in every),
    )
    for block in blocks:
        gatherer.take(block)
    return gatherer.found


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
        self._may_be_small = may_be_small
        self._question: Question | None = None
        self._headings: list[tuple[int, str]] = []
        self._level = ""
        self._is_essay = False
        self._is_choice = False
        self._shared: between.Shared | None = None
        self._is_keys = False
        self._code = ""
        self._continues = False

    def take(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block)
        else:
            self._table(block)

    def _table(self, table: Table) -> None:
        cells = [["\n".join(p.passage.text for p in cell) for cell in row] for row in table.rows]
        pairs = answer_tables.pairs_of(cells)
        coded = answer_tables.by_code(cells)
        if coded:
            for code, found in coded.items():
                self.found.coded.setdefault(code, []).extend(found)
            self._question = None
        elif pairs and (self._is_keys or answer_tables.is_table_of_keys(cells)):
            self._keep(pairs)
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

    def _takes_ticks(self, question: Question, cells: Sequence[Sequence[str]]) -> bool:
        """Whether the table holds the statements of the question, which has no others."""
        is_open = not question.options and question.ticked is None and bool(question.stem)
        return is_open and answer_tables.is_table_of_ticks(cells)

    def _keep(self, pairs: list[tuple[int, str]]) -> None:
        """Keep keys, under the code of the paper where one stands above them."""
        if self._code:
            self.found.coded.setdefault(self._code, []).extend(pairs)
        else:
            self.found.keys += pairs

    def _code_in(self, text: str) -> None:
        """Note the code of a paper: of this one, or of the keys that follow."""
        if code := _CODE.search(text):
            if self._is_keys:
                self._code = code[1]
            else:
                self.found.codes.add(code[1])

    def _holds_questions(self, table: Table) -> bool:
        texts = [p.passage.text for p in _all([table])]
        return any(
            self._start(text) or lettered.labels(text, may_be_small=self._may_be_small) for text in texts
        )

    def _paragraph(self, paragraph: Paragraph) -> None:
        if self._is_heading(paragraph):
            self._heading(paragraph)
            return
        if self._is_between(paragraph.passage.text):
            self._part(" ".join(paragraph.passage.text.split()))
            return
        self._continues = False
        for line in paragraph.passage.lines():
            if not line.is_blank:
                self._line(line)
                self._continues = True

    def _is_heading(self, paragraph: Paragraph) -> bool:
        text = paragraph.passage.text.strip()
        if not text or self._start(text):
            return False
        is_said_of_one = self._question is not None and ":" in text  # "Mức độ: Vận dụng" below its question
        names_level = not is_said_of_one and self._named_level(text) != ""
        return paragraph.heading is not None or words.is_section(text) or names_level

    def _heading(self, paragraph: Paragraph) -> None:
        text = " ".join(paragraph.passage.text.split())
        self._question, self._is_keys = None, False
        if _KEYS_BEGIN.fullmatch(text) and self.found.questions:
            self._is_keys = True
            self._code_in(text)
            return
        self._code_in(text)
        self._begin_part(text)
        if level := self._named_level(text):
            self._level = level
            return
        depth = paragraph.heading if paragraph.heading is not None else _UNSTYLED
        self._headings = [entry for entry in self._headings if entry[0] < depth]
        self._headings.append((depth, text[:200]))
        self._level = ""

    def _is_between(self, text: str) -> bool:
        place = len(self._question.options) if self._question else len(_LETTERS)
        return not self._is_keys and between.is_title(text, _LETTERS[place : place + 1])

    def _part(self, title: str) -> None:
        """Begin a part of the paper: the chapters of the one before, unless headings of Word, are over."""
        self._question = None
        self._headings = [entry for entry in self._headings if entry[0] < _UNSTYLED]
        self._begin_part(title)

    def _begin_part(self, title: str) -> None:
        self._is_essay, self._is_choice = between.names_essays(title), between.names_choices(title)
        self._shared = None

    def _begins_shared(self, text: str) -> bool:
        """Note a text for the questions below it."""
        question = self._question
        may_go_on = question is not None and (question.is_explained or not question.options)
        found = between.shared_from(text, question.number if question and may_go_on else None)
        if found is None:
            return False
        self._question, self._shared = None, found
        return True

    def _named_level(self, text: str) -> str:
        """The level that a line of its own names for the questions under it."""
        key = search_key(text)
        for start in ("muc do ", "cap do ", "cau hoi ", "cau hoi muc do ", "phan "):
            if key.startswith(start) and words.level_of(key.removeprefix(start)):
                return key.removeprefix(start)
        return key if len(key) > 3 and words.level_of(key) else ""

    def _start(self, text: str) -> re.Match[str] | None:
        if self._has_words:
            return _NUMBERED.match(text)
        found = _BARE.match(text)
        if found is None:
            return None
        last = self._question or (self.found.questions[-1] if self.found.questions else None)
        is_next = last is None or int(found[1]) in {last.number + 1, 1}
        is_over = self._question is None or len(self._question.options) > 1 or self._is_essay
        return found if is_next and is_over else None

    def _line(self, line: Passage) -> None:
        text = line.text
        if _KEYS_BEGIN.fullmatch(text) and self.found.questions:
            self._question, self._is_keys = None, True
            self._code_in(text)
        elif self._is_keys:
            self._code_in(text)
            self._keep(answer_tables.pairs_in(_CODE.sub(" ", text)))
        elif _END.fullmatch(text):
            self._question = None
        elif start := self._start(text):
            self._begin(line, start)
        elif not self._continues and self._begins_shared(text) and self._shared:
            self._shared.blocks.append(line)
        elif self._question is not None:
            self._add(self._question, line)
        elif _CODE.search(text):
            self._code_in(text)
        elif _TITLE.match(text.strip()):
            self._begin_part(text)
        elif self._shared:
            self._append(self._shared.blocks, line)

    def _begin(self, line: Passage, start: re.Match[str]) -> None:
        topics = tuple(dict.fromkeys(text for _, text in self._headings))
        question = Question(int(start[1]), topics, self._level, self._is_essay, is_choice=self._is_choice)
        if self._shared and self._shared.is_for(question.number):
            question.shared = list(self._shared.blocks)
            self._shared = None if self._shared.is_for_next_only else self._shared
        self._question = question
        self.found.questions.append(question)
        at = start.end()
        while aside := _ASIDE.match(line.text, at):
            if marks := _MARKS.fullmatch(aside[1].strip()):
                question.marks = marks[1]
            elif words.level_of(aside[1]):
                question.level = aside[1]
            else:
                break
            at = aside.end()
        rest = line.cut(at)
        if not rest.is_blank:
            self._add(question, rest)

    def _add(self, question: Question, line: Passage) -> None:
        if truths := _TRUTHS.fullmatch(line.text):
            question.truths = "".join(said[0].upper() for said in _TRUTH.findall(truths[1]))
            return
        if not question.is_explained and self._options(question, line):
            return
        if self._says(question, line.text):
            return
        if found := _EXPLANATION.match(line.text):
            question.is_explained = True
            line = line.cut(found.end())
        if line.is_blank:
            return
        if question.is_explained:
            self._append(question.explanation, line)
        elif question.options:
            last = question.options[-1]
            if not (self._continues or last.text.is_blank) and last.letter not in question.joined:
                question.joined.append(last.letter)
            last.text = joined([last.text, line], "\n")
        else:
            self._append(question.stem, line)

    def _says(self, question: Question, text: str) -> bool:
        """Take a line that says something of the question: its key, level, topic or id."""
        if (question.options or question.is_explained) and (found := _KEY_LINE.fullmatch(text)):
            question.key = found[1]
        elif found := _LEVEL.fullmatch(text):
            question.level = found[1].strip()
        elif found := _ID.fullmatch(text):
            question.id = found[1]
        elif found := _TOPIC.fullmatch(text):
            question.topics = tuple(dict.fromkeys([*question.topics, found[1].strip()]))
        else:
            return False
        return True

    def _append(self, blocks: list[Passage | Table], line: Passage) -> None:
        """Add a paragraph, or a further line of the one that came before."""
        last = blocks[-1] if blocks else None
        if self._continues and isinstance(last, Passage):
            blocks[-1] = joined([last, line], "\n")
        else:
            blocks.append(line)

    def _options(self, question: Question, line: Passage) -> bool:
        """Take the options of the line; what stands in front of the first belongs to what came before."""
        expected = "ABCDEFGHIJ"[len(question.options) : len(question.options) + 1]
        found = lettered.labels(line.text, expected, may_be_small=self._may_be_small) if expected else []
        if not found:
            return False
        before = line.cut(0, found[0].start)
        if not before.is_blank:
            self._add(question, before)
        ends = [label.start for label in found[1:]] + [len(line.text)]
        for label, end in zip(found, ends, strict=True):
            option = Option(
                label.letter, line.cut(label.start, label.end), line.cut(label.end, end), label.has_star
            )
            question.options.append(option)
        return True
