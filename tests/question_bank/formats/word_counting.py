# SPDX-License-Identifier: Apache-2.0
"""Vietnamese questions laid out in Word as boards do, by a builder of the tests, and what comes back of them.

The corpus holds no Word file: its questions are typed into documents with python-docx, once in each layout.
"""

import io
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docx
from docx.shared import RGBColor

from question_bank import formats
from question_bank.item import Item, native
from tests.question_bank.builders import SHARED

ITEMS = SHARED / "data" / "items_vi_public_service.json"
SCHOOL = SHARED / "data" / "corpus" / "collections_vi" / "VMLU" / "dev.jsonl"
Mark = Callable[[Any, Any], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with one right option."""

    stem: str
    options: tuple[str, ...]
    right: str


def questions() -> list[Asked]:
    """Questions of both collections whose texts stand on one line and whose options differ."""
    found = [
        Asked(item["stem"], tuple(o["text"] for o in item["options"]), _letter(item["options"]))
        for item in json.loads(ITEMS.read_text(encoding="utf-8"))["items"]
        if item["kind"] == "single_choice"
    ]
    for line in SCHOOL.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        options = tuple(choice.partition(".")[2].strip() for choice in raw["choices"])
        found.append(Asked(raw["question"], options, raw["answer"]))
    return [each for each in found if _is_plain(each)][::2]


def _letter(options: Sequence[Mapping[str, str]]) -> str:
    return "ABCDEFGHIJ"[[option["fraction"] for option in options].index("1")]


def _is_plain(asked: Asked) -> bool:
    """True for what a person would type as it stands: no markup, no lines, no signs of a formula."""
    texts = (asked.stem, *asked.options)
    is_typed = not any(sign in text for text in texts for sign in "\n\\$*_`<>[]|^")
    differ = len({bare(option) for option in asked.options}) == len(asked.options)
    return is_typed and differ and all(bare(text) for text in texts) and asked.right in "ABCDEFGHIJ"


def bare(text: str) -> str:
    """Letters and digits only."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def _lines(document: Any, asked: Sequence[Asked], mark: Mark | None = None, *, key: bool = False) -> None:
    for number, each in enumerate(asked, start=1):
        document.add_paragraph(f"Câu {number}. {each.stem}")
        for letter, text in zip("ABCDEFGHIJ", each.options, strict=False):
            paragraph = document.add_paragraph()
            label, words = paragraph.add_run(f"{letter}. "), paragraph.add_run(text)
            if mark and letter == each.right:
                mark(label, words)
        if key:
            document.add_paragraph(f"Đáp án: {each.right}")


def _keys_below(document: Any, asked: Sequence[Asked]) -> None:
    _lines(document, asked)
    document.add_paragraph("ĐÁP ÁN")
    for start in range(0, len(asked), 10):
        part = asked[start : start + 10]
        table = document.add_table(rows=2, cols=len(part))
        for place, each in enumerate(part):
            table.cell(0, place).text, table.cell(1, place).text = str(start + place + 1), each.right


def _keys_in_lines(document: Any, asked: Sequence[Asked]) -> None:
    _lines(document, asked)
    document.add_paragraph("BẢNG ĐÁP ÁN")
    for start in range(0, len(asked), 10):
        part = enumerate(asked[start : start + 10], start=start + 1)
        document.add_paragraph("   ".join(f"{number}.{each.right}" for number, each in part))


def _beside(document: Any, asked: Sequence[Asked]) -> None:
    for number, each in enumerate(asked, start=1):
        document.add_paragraph(f"Câu {number}: {each.stem}")
        paragraph = document.add_paragraph()
        for letter, text in zip("ABCDEFGHIJ", each.options, strict=False):
            paragraph.add_run(f"{letter}. ").underline = letter == each.right
            paragraph.add_run(f"{text}\t")


def _cells(document: Any, asked: Sequence[Asked]) -> None:
    for number, each in enumerate(asked, start=1):
        document.add_paragraph(f"Câu {number}. {each.stem}")
        table = document.add_table(rows=(len(each.options) + 1) // 2, cols=2)
        for place, text in enumerate(each.options):
            run = table.cell(place // 2, place % 2).paragraphs[0].add_run(f"{'ABCDEFGHIJ'[place]}. {text}")
            run.bold = "ABCDEFGHIJ"[place] == each.right


def _table(document: Any, asked: Sequence[Asked]) -> None:
    four = [each for each in asked if len(each.options) == 4]
    table = document.add_table(rows=1, cols=7)
    head = ("STT", "Câu hỏi", "Đáp án A", "Đáp án B", "Đáp án C", "Đáp án D", "Đáp án đúng")
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = text
    for number, each in enumerate(four, start=1):
        for cell, text in zip(
            table.add_row().cells, (str(number), each.stem, *each.options, each.right), strict=True
        ):
            cell.text = text


LAYOUTS: Mapping[str, Callable[[Any, Sequence[Asked]], None]] = {
    "a line with the key": lambda document, asked: _lines(document, asked, key=True),
    "bold": lambda document, asked: _lines(document, asked, lambda _, w: setattr(w, "bold", True)),
    "underlined letter": lambda document, asked: _lines(
        document, asked, lambda label, _: setattr(label, "underline", True)
    ),
    "red": lambda document, asked: _lines(
        document, asked, lambda _, w: setattr(w.font.color, "rgb", RGBColor(255, 0, 0))
    ),
    "star": lambda document, asked: _lines(
        document, asked, lambda label, _: setattr(label, "text", f"*{label.text}")
    ),
    "side by side, underlined": _beside,
    "options in a table, bold": _cells,
    "table of keys": _keys_below,
    "lines of keys": _keys_in_lines,
    "table of questions": lambda document, asked: _table(document, asked[:120]),
}


def counted(layout: str, every: Sequence[Asked]) -> tuple[int, int, list[str]]:
    """How many questions were laid out so, how many came through, and what became of the others."""
    asked = list(every)
    document, written = docx.Document(), io.BytesIO()
    LAYOUTS[layout](document, asked)
    document.save(written)
    result = formats.read(written.getvalue(), name=f"{layout}.docx")
    if layout == "table of questions":
        asked = [each for each in asked[:120] if len(each.options) == 4]
    wrong = [each.stem for each in asked if not any(_is_same(each, item) for item in result.items)]
    said = [f"{error.line} {error.code} {error.message}" for error in result.errors]
    return len(asked), len(asked) - len(wrong), [*wrong, *said]


def _is_same(asked: Asked, item: Item) -> bool:
    if item.kind != "single_choice" or bare(item.stem) != bare(asked.stem):
        return False
    own: Any = native(item)
    options = [bare(option["text"]) for option in own["options"]]
    (right,) = [place for place, option in enumerate(own["options"]) if option["fraction"] == "1"]
    return options == [bare(text) for text in asked.options] and "ABCDEFGHIJ"[right] == asked.right
