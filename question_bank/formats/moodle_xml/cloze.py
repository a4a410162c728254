# SPDX-License-Identifier: Apache-2.0
"""Cloze: gaps inside a text, such as ``{1:SHORTANSWER:=Quốc hội#Đúng~%50%QH}``, as a text with gaps."""

import re
from dataclasses import replace
from decimal import Decimal

from lxml import etree

from question_bank.formats import amounts, texts
from question_bank.formats.intake import Notes, Unreadable, option_ids
from question_bank.formats.moodle_xml.elements import line_of, source
from question_bank.formats.texts import Source
from question_bank.json_reader import Node, node_of
from question_bank.json_values import decimal_text

_SIGNS_OF_ANSWER = 12  # what reading one costs, in tags
_GAP = re.compile(r"\{([0-9]{0,4}):([A-Z_]{1,40})(:|\})")
_END = re.compile(r"&#?\w{1,31};|\\.|(\})", re.DOTALL)
_NEXT = re.compile(r"&#?\w{1,31};|\\.|(~)", re.DOTALL)
_FEEDBACK = re.compile(r"&#?\w{1,31};|\\.|(#)", re.DOTALL)
_WEIGHT = re.compile(r"\s*(?:(=)|%(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)%)")
_ESCAPE = re.compile(r"\\([{}~#=:\"/\\])")
_OPEN, _CLOSE = "\ue000", "\ue001"  # stand for the brackets of a gap while its text is converted
_CHOICES = {f"{name}{form}" for name in ("MULTICHOICE", "MC") for form in ("", "V", "_V", "H", "_H")}
_RESPONSES = {f"{name}{form}" for name in ("MULTIRESPONSE", "MR") for form in ("", "H", "_H")}
_SHUFFLED = {
    "MULTICHOICE_S": "MULTICHOICE", "MCS": "MC", "MULTICHOICE_HS": "MC", "MCHS": "MC", "MULTICHOICE_VS": "MC",
    "MCVS": "MC", "MULTIRESPONSE_S": "MR", "MRS": "MR", "MULTIRESPONSE_HS": "MR", "MRHS": "MR",
}  # fmt: skip
_TEXTS = frozenset({"SHORTANSWER", "SA", "MW"})
_EXACT_TEXTS = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS = frozenset({"NUMERICAL", "NM"})


def native(question: etree._Element, notes: Notes) -> dict[str, object]:
    """The keys of a text with gaps; its marks are the weights of the gaps."""
    whole = source(question.find("questiontext"), line_of(question))
    reader = _Reader(replace(whole, files={}), notes)
    text = reader.read(whole.text)
    stem = texts.stem(replace(whole, text=text), notes).replace(_OPEN, "[[").replace(_CLOSE, "]]")
    worth = sum(reader.weights, Decimal(0))
    return {
        "kind": "gap_fill",
        "stem": Node(stem, whole.line),
        "gaps": reader.gaps,
        "shuffle": reader.is_shuffled,
        "marks": decimal_text(worth) if worth else None,
    }


class _Reader:
    def __init__(self, whole: Source, notes: Notes) -> None:
        self._whole = whole
        self._notes = notes
        self.gaps: list[Node] = []
        self.weights: list[Decimal] = []
        self.is_shuffled = True

    def read(self, text: str) -> str:
        """The text with a mark in the place of each gap; the gaps are kept."""
        pieces, at = [], 0
        while found := _GAP.search(text, at):
            line = self._whole.line + text.count("\n", 0, found.start())
            end = _first(_END, text, found.end()) if found[3] == ":" else None
            if end is None:
                raise Unreadable(
                    line, "bad_gap", f"The gap {found[0][:40]!r} has no answers or no end.", found[0]
                )
            self._keep(found[2], found[1], text[found.end() : end], line)
            pieces += [text[at : found.start()], f"{_OPEN}g{len(self.gaps)}{_CLOSE}"]
            at = end + 1
        return "".join([*pieces, text[at:]])

    def _keep(self, type: str, weight: str, answers: str, line: int) -> None:
        name = f"g{len(self.gaps) + 1}"
        self.weights.append(Decimal(weight or 1))
        pieces = _split(_NEXT, answers)
        self._notes.spend(_SIGNS_OF_ANSWER * len(pieces), line)
        body = self._body(type, pieces if pieces[0].strip() else pieces[1:], line)
        self.gaps.append(node_of({"id": name, "weight": weight or "1", **body}, line))

    def _body(self, type: str, answers: list[str], line: int) -> dict[str, object]:
        if type in _TEXTS or type in _EXACT_TEXTS:
            accepted = [self._accepted_text(answer, type in _EXACT_TEXTS, line) for answer in answers]
            return {"kind": "short_answer", "answers": accepted}
        if type in _NUMBERS:
            return {"kind": "numeric", "answers": [self._accepted_number(answer, line) for answer in answers]}
        plain = _SHUFFLED.get(type, type)
        if plain not in _CHOICES and plain not in _RESPONSES:
            message = f"Gaps of the type {type} have no counterpart here."
            raise Unreadable(line, "unsupported_gap", message, type)
        self.is_shuffled = self.is_shuffled and type in _SHUFFLED
        options = [
            self._option(name, answer, line)
            for name, answer in zip(option_ids(len(answers)), answers, strict=True)
        ]
        if plain in _CHOICES:
            return {"kind": "single_choice", "options": options}
        return {"kind": "multiple_choice", "options": self._scaled(options, line)}

    def _option(self, name: str, answer: str, line: int) -> dict[str, object]:
        fraction, text, feedback = self._parts(answer, line)
        shown = texts.option(replace(self._whole, text=text, line=line), self._notes)
        return {"id": name, "text": shown, "fraction": fraction, "feedback": feedback}

    def _scaled(self, options: list[dict[str, object]], line: int) -> list[dict[str, object]]:
        """The options with shares that sum to 1: cloze authors write 100 per cent for each right one."""
        shares = [amounts.parse(str(option["fraction"])) or Decimal(0) for option in options]
        total = sum((share for share in shares if share > 0), Decimal(0))
        if total <= 1:
            return options
        message = "The weights of the right options sum to more than 100 per cent; they were scaled to it."
        self._notes.warn(line, "weights_scaled", message)
        scaled = [share / total if share > 0 else share for share in shares]
        return [
            {**option, "fraction": amounts.fraction_of_percent(share * 100)}
            for option, share in zip(options, scaled, strict=True)
        ]

    def _accepted_text(self, answer: str, is_exact: bool, line: int) -> dict[str, object]:
        fraction, text, feedback = self._parts(answer, line)
        typed = texts.answer(replace(self._whole, text=text, line=line))
        accepted = amounts.accepted_text(typed, is_exact=is_exact, line=line)
        return {**accepted, "fraction": fraction, "feedback": feedback}

    def _accepted_number(self, answer: str, line: int) -> dict[str, object]:
        fraction, text, feedback = self._parts(answer, line)
        accepted = amounts.accepted_number(text.strip(), line, self._notes)
        return {**accepted, "fraction": fraction, "feedback": feedback}

    def _parts(self, answer: str, line: int) -> tuple[str, str, str | None]:
        """The share of the marks, the text and the feedback of one answer."""
        head, *said = _split(_FEEDBACK, answer, limit=1)
        weight = _WEIGHT.match(head)
        percent = Decimal(100 if weight[1] else weight[2]) if weight else Decimal(0)
        text = _ESCAPE.sub(r"\1", head[weight.end() :] if weight else head)
        remark = _ESCAPE.sub(r"\1", said[0]) if said else ""
        feedback = texts.feedback(replace(self._whole, text=remark, line=line), self._notes)
        return amounts.fraction_of_percent(percent), text, feedback


def _first(mark: re.Pattern[str], text: str, start: int) -> int | None:
    return next((found.start() for found in mark.finditer(text, start) if found[1]), None)


def _split(mark: re.Pattern[str], text: str, limit: int = 0) -> list[str]:
    pieces: list[str] = []
    start = 0
    for found in mark.finditer(text):
        if found[1] and not (limit and len(pieces) == limit):
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]
