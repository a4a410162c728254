# SPDX-License-Identifier: Apache-2.0
"""A question of a Word paper as it is gathered, and everything that a paper holds."""

from dataclasses import dataclass, field

from question_bank.formats.stated import Rule
from question_bank.formats.word.document import Table
from question_bank.formats.word.keys_apart import Keys
from question_bank.formats.word.passage import Passage

LETTERS = "ABCDEFGHIJ"


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
    topics: tuple[str, ...] = ()
    level: str = ""
    is_essay: bool = False
    marks: str = ""
    id: str = ""
    stem: list[Passage | Table] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    key: str = ""
    truths: str = ""  # "ĐSĐS" of statements a) to d), "Đ" of the question itself
    ticked: Table | None = None  # whose rows are statements, with a column for Đúng and one for Sai
    answer: list[Passage | Table] = field(default_factory=list)  # of a question without options
    is_answered: bool = False
    is_short: bool = False  # stands in a part of short answers
    rule: Rule | None = None  # the marks of one, two … right statements
    shares: tuple[str, ...] = ()  # the marks of each statement
    explanation: list[Passage | Table] = field(default_factory=list)
    is_explained: bool = False
    is_in_choices: bool = False  # stands in a part whose title says that it holds choices
    is_choice: bool = False  # stands in such a part, or in a file that has choices
    has_entries: bool = False  # paragraphs of a list of Word stand in its stem
    shared: list[Passage | Table] = field(default_factory=list)  # what other questions are about, too
    joined: list[str] = field(default_factory=list)  # letters of options that took in a further paragraph


@dataclass(slots=True)
class Found:
    """Everything a document holds: its questions, and the keys that stand apart from them."""

    questions: list[Question] = field(default_factory=list)
    keys: Keys = field(default_factory=Keys)
    tables: list[Table] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)  # how texts begin whose questions never came
