# SPDX-License-Identifier: Apache-2.0
"""Nearly every question of the development corpus comes through, and the page says how many."""

import pytest

from question_bank import formats
from tests.question_bank.formats import conformance
from tests.question_bank.formats.conformance import CORPUS, FORMATS, PAGE

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not on this machine")


ROWS = conformance.rows() if CORPUS.exists() else []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.folder)
def test_at_least_98_of_100_questions_of_supported_kinds_come_through(row: conformance.Row) -> None:
    assert row.share >= 0.98
    assert row.right + row.refused == row.questions, row.wrong


def test_the_page_holds_the_table() -> None:
    assert conformance.table(ROWS) in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", [folder for folder in FORMATS if not folder.startswith("qti")])
def test_what_is_read_from_the_corpus_is_written_and_read_as_the_same_items(folder: str) -> None:
    for path in sorted(
        p for p in (CORPUS / folder).rglob("*") if p.suffix in {".txt", ".xml", ".gift", ".csv", ".xlsx"}
    ):
        format = FORMATS[folder] if path.suffix != ".txt" or folder != "moodle_cloze" else "gift"
        items = formats.read(path, format).items
        assert formats.read(formats.write(items, format), format).items == items, path.name
