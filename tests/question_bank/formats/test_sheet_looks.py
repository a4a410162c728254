# SPDX-License-Identifier: Apache-2.0
"""Keys that only the look of a cell says, and pictures in sheets."""

import base64
import io
from collections.abc import Mapping
from typing import Any

import pytest
import xlsxwriter

from question_bank import formats
from question_bank.item import native
from tests.question_bank.formats.test_hostile_office import a_row
from tests.question_bank.formats.test_hostile_office import a_workbook as by_hand

HEAD = ("STT", "Câu hỏi", "Đáp án A", "Đáp án B", "Đáp án C", "Đáp án D")
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
RIGHT = "BDACBB"


def a_workbook(look: Mapping[str, Any], others: Mapping[str, Any], *, rich: bool = False) -> bytes:
    """Six questions whose right options look so, and the others otherwise."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet()
    right, wrong = book.add_format(dict(look)), book.add_format(dict(others))
    sheet.write_row(0, 0, HEAD, book.add_format({"bold": True, "bg_color": "#DDDDDD"}))
    for line, letter in enumerate(RIGHT, start=1):
        sheet.write_row(line, 0, [line, f"Câu hỏi số {line}?"])
        for place, name in enumerate("ABCD"):
            text = f"Phương án {name} của câu {line}"
            if rich and name == letter:
                sheet.write_rich_string(line, 2 + place, right, text[:9], right, text[9:], wrong)
            else:
                sheet.write_string(line, 2 + place, text, right if name == letter else wrong)
    book.close()
    return written.getvalue()


def keys_of(content: bytes) -> str:
    """The letters of the right options, and a dash for each question that was refused."""
    result = formats.read(content)
    found = [native(item)["options"] for item in result.items]
    letters = ["".join(o["id"] for o in options if o["fraction"] == "1").upper() for options in found]  # type: ignore[union-attr, call-overload, index, misc]
    return "".join(letters) + "-" * result.refused


LOOKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "bold": ({"bold": True}, {}),
    "underlined": ({"underline": 1}, {}),
    "red": ({"font_color": "#FF0000"}, {"font_color": "#000000"}),
    "filled": ({"bg_color": "#FFFF00"}, {}),
    "filled among filled": ({"bg_color": "#FFFF00"}, {"bg_color": "#EEEEEE"}),
    "red and bold among bold": ({"bold": True, "font_color": "red"}, {"bold": True}),
}


@pytest.mark.parametrize("look", LOOKS)
def test_the_look_of_a_cell_is_the_key_where_nothing_else_is(look: str) -> None:
    assert keys_of(a_workbook(*LOOKS[look])) == RIGHT


def test_the_look_of_every_part_of_a_text_counts_too() -> None:
    assert keys_of(a_workbook({"font_color": "red"}, {}, rich=True)) == RIGHT


def test_where_all_cells_look_alike_there_is_no_key() -> None:
    assert keys_of(a_workbook({"bold": True}, {"bold": True})) == "-" * len(RIGHT)


def test_a_picture_over_a_row_is_named_with_its_row() -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [*HEAD, "Đáp án đúng"])
    for line in (1, 2):
        sheet.write_row(line, 0, [str(line), f"Hình {line} là gì?", "một", "hai", "ba", "bốn", "B"])
    sheet.insert_image(2, 1, "x.png", {"image_data": io.BytesIO(PNG)})
    book.close()
    result = formats.read(written.getvalue())
    assert len(result.items) == 2
    assert [w.line for w in result.warnings if w.code == "picture_left_out"] == [3]


def test_a_picture_in_the_place_of_a_value_is_named_and_is_no_broken_formula() -> None:
    cell = '<c t="e" vm="1"><v>#VALUE!</v></c></row>'
    head = a_row("Câu hỏi", "Đáp án A", "Đáp án B", "Đáp án đúng", "Ghi chú")
    content = by_hand(head + a_row("Câu?", "Một", "Hai", "A").replace("</row>", cell))
    result = formats.read(content)
    assert len(result.items) == 1
    assert [warning.line for warning in result.warnings if warning.code == "picture_left_out"] == [2]
