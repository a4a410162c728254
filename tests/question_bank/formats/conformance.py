# SPDX-License-Identifier: Apache-2.0
"""The conformance table of docs/formats.md: ``python -m tests.question_bank.formats.conformance`` writes it.

For each file of the development corpus stands here what a person reads in it: one word per question, its
kind and its key. ``refused`` is a question that must be refused, because it is broken or holds what items
cannot hold. The many files of QTI are read a second time instead, by `qti_keys` and `qti12_keys`.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from question_bank import formats
from question_bank.formats import markdown
from question_bank.item import Item, native
from tests.question_bank.builders import SHARED
from tests.question_bank.formats import held, qti_counting, word_counting
from tests.question_bank.formats.gift_trees import expected_items

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "formats.md"
CORPUS = SHARED / "data" / "corpus"
MARKS = ("<!-- conformance: begin -->", "<!-- conformance: end -->")
HEAD = (
    "| format | folder | files | questions | of supported kinds | right kind, key and text | share |"
    " refused by name |"
)

EXAMPLES = (
    "single:c single:b false short:2 numeric:1 single:c single:b single:c single:b short:2 short:2 false true"
    " matching:3 matching:4 numeric:1 numeric:1 numeric:1 numeric:2 numeric:1 short:1 single:c single:c"
    " short:2 short:2 false single:c single:d short:3 multiple:bc multiple:bc single:b single:f single:c"
    " single:b false short:2 numeric:1 matching:3 single:b single:c short:3 numeric:2"
)
EXPECTED: dict[str, dict[str, str]] = {
    "aiken": {"aiken_errors.txt": "refused refused single:a refused single:b single:a"},
    "gift": {
        "examples.txt": EXAMPLES,
        "questions_encoding_windows-1252.gift.txt": "essay essay refused",
        "question.missingword1.txt": "single:a",
        "question.missingword2.txt": "short:1",
        "question.missingword3.txt": "single:a",
        "testexport.gift.txt": "ordering:6",
        "testimport.gift.txt": "ordering:6",
    },
    "moodle_xml": {
        "essay-quiz2.xml": "essay",
        "multichoice-quiz.xml": "single:a",
        "broken_cloze_questions.xml": "refused refused refused refused refused",
        "export_category.xml": "true",
        "html_chars_in_idnumbers.xml": "true",
        "multichoice.xml": "refused",
        "nested_categories.xml": "true",
        "nested_categories_with_questions.xml": "true essay true true true",
        "truefalse.xml": "false true",
        "description/tests/fixtures/testquestion.moodle.xml": "description",
        "match/tests/fixtures/testquestion.moodle.xml": "matching:3",
        "numerical/tests/fixtures/testquestion.moodle.xml": "numeric:1",
        "ordering/tests/fixtures/testexport.moodle.xml": "ordering:6",
        "ordering/tests/fixtures/testimport.moodle.xml": "ordering:6",
        "ordering/tests/fixtures/testimportlong.moodle.xml": "ordering:6",
        "ordering/tests/fixtures/testquestion.moodle.xml": "ordering:6",
        "shortanswer/tests/fixtures/testquestion.moodle.xml": "short:2",
    },
    "moodle_cloze": {
        "multianswer-all-types.xml": "gaps:16",
        "broken_multianswer_1.txt": "refused",
        "broken_multianswer_2.txt": "refused",
        "broken_multianswer_4.txt": "refused",
    },
    "xlsx_vn_templates": {
        "mau-them-danh-sach-cau-hoi.xlsx": "single:a single:b",
        "mau-them-danh-sach-admin.xlsx": "",
        "mau-them-danh-sach-giao-vien.xlsx": "",
    },
}
FORMATS = {
    "aiken": "aiken",
    "gift": "gift",
    "gift_cases": "gift",
    "moodle_xml": "moodle_xml",
    "moodle_cloze": "moodle_xml",
    "xlsx_vn_templates": "xlsx",
    "collections_en/MMLU": "csv",
    "qti12_canvas": "qti12",
    "blackboard": "qti12",
    "qti21": "qti21",
    "qti21_tao": "qti21",
    "qti22": "qti22",
    "qti22_scoring_cases": "qti22",
    "qti30": "qti30",
    "qti_malformed": "qti22",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one folder of the corpus gives."""

    folder: str
    format: str
    files: int
    questions: int
    supported: int
    right: int
    refused: int
    reasons: tuple[tuple[str, int], ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The part of the questions of supported kinds that came through."""
        return self.right / self.supported if self.supported else 1.0

    def line(self) -> str:
        """The row as it stands in the page."""
        name = f"`{self.folder}`" if self.folder in FORMATS else self.folder
        counts = (self.files, self.questions, self.supported, self.right)
        cells = (self.format, name, *counts, f"{self.share:.1%}" if self.supported else "–", self.refused)
        return "| " + " | ".join(str(cell) for cell in cells) + " |"


def rows() -> list[Row]:
    """The rows of the table, in the order of the page."""
    return [*(_row(folder) for folder in FORMATS), *_word()]


def table(found: list[Row]) -> str:
    """The table, and what was refused in QTI by its names."""
    lines = [HEAD, "|" + "---|" * 8, *(row.line() for row in found)]
    return "\n".join(lines) + "\n\nRefused in QTI:\n\n" + reasons(found)


def signature(item: Item) -> str:
    """The kind of an item and what its key says, in one word."""
    found: dict[str, Any] = dict(native(item))
    if item.kind == "true_false":
        return str(found["answer"]).lower()
    if item.kind in {"single_choice", "multiple_choice"}:
        least = Decimal(1) if item.kind == "single_choice" else Decimal("0.001")
        letters = [option["id"] for option in found["options"] if Decimal(option["fraction"]) >= least]
        return f"{item.kind.split('_')[0]}:{''.join(letters)}"
    counted = {
        "short_answer": ("short", [a for a in found.get("answers", ()) if a["fraction"] != "0"]),
        "numeric": ("numeric", [a for a in found.get("answers", ()) if a["fraction"] != "0"]),
        "matching": ("matching", found.get("pairs", ())),
        "ordering": ("ordering", found.get("sequence", ())),
        "gap_fill": ("gaps", found.get("gaps", ())),
    }
    name, parts = counted.get(item.kind, (item.kind, ()))
    return f"{name}:{len(parts)}" if parts else name


def _row(folder: str) -> Row:
    if folder == "gift_cases":
        return _cases()
    if folder == "collections_en/MMLU":
        return _rows_without_header(folder)
    if FORMATS[folder].startswith("qti"):
        return _qti(folder)
    counts = [
        _compare(_path(folder, name), FORMATS[folder], words.split())
        for name, words in EXPECTED[folder].items()
    ]
    return _sum(folder, counts)


def _word() -> list[Row]:
    """The corpus holds no Word file: Vietnamese questions of it, typed into one in each layout."""
    asked = word_counting.questions()
    found = []
    for layout in word_counting.LAYOUTS:
        questions, right, wrong = word_counting.counted(layout, asked)
        row = Row(
            folder=f"laid out: {layout}",
            format="docx",
            files=1,
            questions=questions,
            supported=questions,
            right=right,
            refused=0,
            wrong=tuple(wrong),
        )
        found.append(row)
    return found


def _qti(folder: str) -> Row:
    count = qti_counting.Count()
    files = [
        path for path in sorted((CORPUS / folder).rglob("*")) if path.is_file() and path.suffix != ".json"
    ]
    for path in files:
        qti_counting.compare(path, count)
    return Row(
        folder=folder,
        format=FORMATS[folder],
        files=len(files),
        questions=count.questions,
        supported=count.supported,
        right=count.right,
        refused=count.refused,
        reasons=tuple(sorted(count.reasons.items(), key=lambda reason: (-reason[1], reason[0]))),
        wrong=tuple(count.wrong),
    )


def reasons(found: list[Row]) -> str:
    """By which names the questions of QTI were refused, folder by folder."""
    lines = [
        f"- `{row.folder}`: " + ", ".join(f"`{code}` {count}" for code, count in row.reasons)
        for row in found
        if row.reasons
    ]
    return "\n".join(lines)


def _path(folder: str, name: str) -> Path:
    (found,) = [path for path in (CORPUS / folder).rglob(Path(name).name) if path.as_posix().endswith(name)]
    return found


def _compare(path: Path, format: str, words: list[str]) -> tuple[int, int, int, int]:
    """Questions, those of supported kinds, those that came through, those refused by name."""
    result = formats.read(path, None if path.suffix == ".xml" else format)
    wanted = [word for word in words if word != "refused"]
    found = [signature(item) for item in result.items]
    right = sum(1 for one, other in zip(wanted, found, strict=False) if one == other)
    refused = len({(error.line, error.item) for error in result.errors}) if words else 0
    return len(words), len(wanted), right if len(found) == len(wanted) else 0, refused


def _cases() -> Row:
    counts = []
    for path in sorted((CORPUS / "gift_cases").rglob("*.gift")):
        expected = expected_items(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))
        result = formats.read(path, "gift")
        found = [native(item) for item in result.items]
        right = sum(
            1
            for want, have in zip(expected, found, strict=False)
            if {key: have[key] for key in want if key in have} == want
        )
        counts.append((len(expected), len(expected), right, result.refused))
    return _sum("gift_cases", counts)


def _rows_without_header(folder: str) -> Row:
    """Files whose rows are a question, four options and a letter: taken apart here once more."""
    counts = []
    for path in sorted((CORPUS / folder).glob("*.csv")):
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))
        wanted = [row for row in rows if len({option.strip() for option in row[1:5]}) == 4]
        result = formats.read(path)
        found = [
            [markdown.to_plain(item.stem), *(o["text"] for o in native(item)["options"]), signature(item)[-1]]  # type: ignore[union-attr, call-overload, index]
            for item in result.items
        ]
        right = sum(1 for one, other in zip(wanted, found, strict=False) if _same(one, other))
        counts.append((len(rows), len(wanted), right, result.refused))
    return _sum(folder, counts)


def _same(one: list[str], other: list[Any]) -> bool:
    """True where two rows differ in blanks and capital letters only."""
    return [" ".join(cell.split()).lower() for cell in one] == [
        " ".join(cell.split()).lower() for cell in other
    ]


def _sum(folder: str, counts: list[tuple[int, int, int, int]]) -> Row:
    questions, supported, right, refused = (sum(column) for column in zip(*counts, strict=True))
    return Row(
        folder=folder,
        format=FORMATS[folder],
        files=len(counts),
        questions=questions,
        supported=supported,
        right=right,
        refused=refused,
    )


def main() -> None:
    """Write the tables into their page."""
    begin, end = MARKS
    page = PAGE.read_text(encoding="utf-8")
    found = rows()
    made = re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{table(found)}\n{end}", page, flags=re.DOTALL)
    begin, end = held.MARKS
    made = re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{held.table()}\n{end}", made, flags=re.DOTALL)
    PAGE.write_text(made, encoding="utf-8")
    print(table(found), *(line for row in found for line in row.wrong), sep="\n")


if __name__ == "__main__":
    main()
