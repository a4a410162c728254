# SPDX-License-Identifier: Apache-2.0
"""Items as rows of the layout that `reading` reads back; what a row cannot say is refused by name."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from question_bank.formats import companion, markdown
from question_bank.formats.amounts import pattern_of, value_and_tolerance
from question_bank.formats.format import NotHeld
from question_bank.formats.sheets import ticks, words
from question_bank.formats.sheets.sheet import MOST_IN_CELL
from question_bank.item import Item
from question_bank.json_values import decimal_text
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.choice import Choice
from question_bank.kinds.essay import Essay
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.true_false import TrueFalse

LETTERS = "ABCDEFGHIJ"
LONGEST_CELL = 32_767
_BEFORE = ("Mã câu hỏi", "Loại câu hỏi", "Nội dung câu hỏi")
_AFTER = (
    "Đáp án đúng", "Điểm", "Mức độ", "Chủ đề", "Giải thích", "Từ khóa", "Tiêu đề", "Tỉ lệ điểm", "Định dạng",
    "exam-portal",
)  # fmt: skip
LEAST_OPTIONS = 4

_STATEMENTS = ("Phát biểu", "Đúng", "Sai", "Điểm theo số ý đúng")

Cells = dict[str, str]


def table(items: Sequence[Item]) -> list[list[str]]:
    """The header and a row for each item, for each statement where it has some; raises `NotHeld`."""
    most = max((len(item.body.options) for item in items if isinstance(item.body, Choice)), default=0)
    letters = LETTERS[: max(LEAST_OPTIONS, most)]
    statements = _STATEMENTS if any(isinstance(item.body, CaseStudy) for item in items) else ()
    head = [*_BEFORE, *(f"Đáp án {letter}" for letter in letters), *statements, *_AFTER]
    found = [cells for item in items for cells in _rows(item)]
    return [head, *([cells.get(name, "") for name in head] for cells in found)]


def _rows(item: Item) -> list[Cells]:
    """The row of the item; below that of a case study the further ones of its statements."""
    if not isinstance(item.body, CaseStudy):
        is_plain = all(_is_plain(text) for text in (item.stem, item.feedback or ""))
        return [_cells(item, item.stem, is_plain=is_plain)]
    if item.stem or not all(isinstance(each.body, TrueFalse) for each in item.body.items):
        message = "Of case studies a sheet holds statements that are true or false, under one text."
        raise NotHeld("unsupported_kind", message, item.kind)
    texts = [item.body.stimulus, item.feedback or "", *(each.stem for each in item.body.items)]
    is_plain = all(_is_plain(text) for text in texts)
    first, *others = _statements(item.body, is_plain=is_plain)
    if any(ticks.without_label(text) != text for text in texts[2:]):
        raise NotHeld("several_lines", "A letter before a statement is read as its label.")
    return [{**_cells(item, item.body.stimulus, is_plain=is_plain), **first}, *others]


def _statements(body: CaseStudy, *, is_plain: bool) -> list[Cells]:
    rows: list[Cells] = []
    for each in body.items:
        is_true = isinstance(each.body, TrueFalse) and each.body.answer
        rows.append(
            {
                "Phát biểu": markdown.to_plain(each.stem) if is_plain else each.stem,
                "Đúng" if is_true else "Sai": "x",
                "Điểm": decimal_text(each.marks),
                "Định dạng": "" if is_plain else "Markdown",
            }
        )
    rows[0]["Điểm theo số ý đúng"] = "; ".join(decimal_text(marks) for marks in body.marks_by_step())
    return rows


def _cells(item: Item, stem: str, *, is_plain: bool) -> Cells:
    if item.kind not in words.WRITTEN_KINDS:
        raise NotHeld("unsupported_kind", f"A sheet has no columns for the kind {item.kind}.", item.kind)
    cells: Cells = {
        "Mã câu hỏi": item.id,
        "Loại câu hỏi": words.WRITTEN_KINDS[item.kind],
        "Nội dung câu hỏi": markdown.to_plain(stem) if is_plain else stem,
        "Mức độ": words.WRITTEN_LEVELS.get(item.level or "", ""),
        "Chủ đề": "\n".join(item.topics),
        "Giải thích": markdown.to_plain(item.feedback or "") if is_plain else item.feedback or "",
        "Từ khóa": "\n".join(item.tags),
        "Tiêu đề": item.title,
        "Định dạng": "" if is_plain else "Markdown",
        "exam-portal": _beside(item),
        **_body(item),
    }
    if item.body.own_marks() is None:
        cells["Điểm"] = decimal_text(item.marks)
    long = next((name for name, cell in cells.items() if len(cell) > min(LONGEST_CELL, MOST_IN_CELL)), None)
    if long:
        raise NotHeld("too_long", f"A cell holds at most {LONGEST_CELL} characters: {long}.", long)
    return cells


def _beside(item: Item) -> str:
    """What has no column of its own, as in the texts of other formats."""
    return companion.line_of(item, but=("marks", "level")) or ""


def _is_plain(text: str) -> bool:
    return markdown.from_plain(markdown.to_plain(text)) == text


def _body(item: Item) -> Cells:
    for kind, written in _WRITTEN.items():
        if isinstance(item.body, kind):
            return written(item.body)
    return {}


def _choice(body: Choice) -> Cells:
    if len(body.options) > len(LETTERS):
        raise NotHeld("too_many", f"A row has room for {len(LETTERS)} options.")
    right = [place for place, option in enumerate(body.options) if option.fraction > 0]
    if body.kind == "single_choice":
        right = [place for place in right if body.options[place].fraction == 1]
    shares = [option.fraction for option in body.options]
    usual = body.kind == "single_choice" and set(shares) <= {Decimal(0), Decimal(1)}
    cells = {f"Đáp án {LETTERS[place]}": option.text for place, option in enumerate(body.options)}
    return {
        **cells,
        "Đáp án đúng": ", ".join(LETTERS[place] for place in right),
        "Tỉ lệ điểm": "" if usual else "; ".join(decimal_text(share) for share in shares),
    }


def _true_false(body: TrueFalse) -> Cells:
    return {"Đáp án đúng": "Đúng" if body.answer else "Sai"}


def _short(body: ShortAnswer) -> Cells:
    if any(answer.match == "exact" for answer in body.answers):
        raise NotHeld("exact_match", "A sheet has no sign for answers whose capital letters count.")
    return _answers([(pattern_of(answer), answer.fraction) for answer in body.answers])


def _numeric(body: Numeric) -> Cells:
    found = [(":".join(value_and_tolerance(answer)), answer.fraction) for answer in body.answers]
    return _answers([(spelt.removesuffix(":0"), fraction) for spelt, fraction in found])


def _answers(found: Sequence[tuple[str, Decimal]]) -> Cells:
    are_full = all(fraction == 1 for _, fraction in found)
    shares = "" if are_full else "; ".join(decimal_text(fraction) for _, fraction in found)
    return {"Đáp án đúng": "\n".join(spelt for spelt, _ in found), "Tỉ lệ điểm": shares}


def _essay(body: Essay) -> Cells:
    if body.rubric:
        raise NotHeld("rubric", "A sheet has no columns for a rubric.")
    return {}


_WRITTEN: dict[type, Callable[..., Cells]] = {
    Choice: _choice,
    TrueFalse: _true_false,
    ShortAnswer: _short,
    Numeric: _numeric,
    Essay: _essay,
}
