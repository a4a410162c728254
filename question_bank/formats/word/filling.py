# SPDX-License-Identifier: Apache-2.0
"""Where the lines below the number of a question belong: its text, an option, its key, its explanation."""

from dataclasses import dataclass

from question_bank.formats import lettered, stated
from question_bank.formats.word import lines
from question_bank.formats.word.document import Table
from question_bank.formats.word.passage import Passage, joined
from question_bank.formats.word.questions import LETTERS, Option, Question


@dataclass(slots=True)
class Filler:
    """Adds lines to questions; `continues` says that a line is a further one of the same paragraph."""

    may_be_small: bool
    continues: bool = False

    def add(self, question: Question, line: Passage) -> None:
        """The line stands where it belongs in the question."""
        if truths := lines.truths(line.text):
            question.truths = truths
            return
        is_open = not (question.is_explained or question.answer)
        if is_open and self._options(question, line):
            return
        if _says(question, line.text):
            return
        if found := lines.EXPLANATION.match(line.text):
            question.is_explained = True
            line = line.cut(found.end())
        elif _may_be_answered(question) and (said := lines.ANSWER.match(line.text)):
            question.is_answered = True
            line = line.cut(said.end())
        if line.is_blank:
            return
        if question.is_explained:
            self.append(question.explanation, line)
        elif question.options:
            self._join(question, line)
        elif question.is_answered:
            self.append(question.answer, line)
        else:
            self.append(question.stem, line)

    def append(self, blocks: list[Passage | Table], line: Passage) -> None:
        """Add a paragraph, or a further line of the one that came before."""
        last = blocks[-1] if blocks else None
        if self.continues and isinstance(last, Passage):
            blocks[-1] = joined([last, line], "\n")
        else:
            blocks.append(line)

    def _join(self, question: Question, line: Passage) -> None:
        last = question.options[-1]
        if not (self.continues or last.text.is_blank) and last.letter not in question.joined:
            question.joined.append(last.letter)
        last.text = joined([last.text, line], "\n")

    def _options(self, question: Question, line: Passage) -> bool:
        """Take the options of the line; what stands in front of the first belongs to what came before."""
        place = len(question.options)
        expected = LETTERS[place : place + 1]
        found = lettered.labels(line.text, expected, may_be_small=self.may_be_small) if expected else []
        if not found:
            return False
        before = line.cut(0, found[0].start)
        if not before.is_blank:
            self.add(question, before)
        ends = [label.start for label in found[1:]] + [len(line.text)]
        for label, end in zip(found, ends, strict=True):
            option = Option(
                label.letter, line.cut(label.start, label.end), line.cut(label.end, end), label.has_star
            )
            question.options.append(option)
        return True


def _may_be_answered(question: Question) -> bool:
    return bool(question.stem) and not question.options and not question.is_explained


def _says(question: Question, text: str) -> bool:
    """Take a line that says something of the question: its key, level, topic, id or marks."""
    if (question.options or question.is_explained) and (found := lines.KEY.fullmatch(text)):
        question.key = found[1]
    elif found := lines.LEVEL.fullmatch(text):
        question.level = found[1].strip()
    elif found := lines.STEPS.fullmatch(text):
        question.rule = stated.rule_in(found[1])
    elif found := lines.SHARES.fullmatch(text):
        question.shares = stated.amounts_in(found[1])
    elif found := lines.ID.fullmatch(text):
        question.id = found[1]
    elif found := lines.TOPIC.fullmatch(text):
        question.topics = tuple(dict.fromkeys([*question.topics, found[1].strip()]))
    else:
        return False
    return True
