# SPDX-License-Identifier: Apache-2.0
"""Whatever a file is refused for has words of its own."""

import re
from pathlib import Path

from babel.support import Translations

from exam_portal.items import format_words, messages
from tests.question_bank.test_documents import SEVERITIES, codes

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "formats.md"


def test_every_code_of_a_report_has_words_in_both_languages() -> None:
    words = {**messages.PROBLEMS, **format_words.WORDS}
    assert sorted(codes() - SEVERITIES - words.keys()) == []
    catalogue = Translations.load(ROOT / "exam_portal" / "translations", ["vi"])
    english = {code: str(said) for code, said in words.items()}  # outside of a request nothing is translated
    assert sorted(code for code, said in english.items() if catalogue.gettext(said) == said) == []


def test_every_code_of_the_formats_has_words() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Codes")[1].split("## ")[0]
    codes = {
        code
        for line in table.splitlines()
        if line.startswith("|")
        for code in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert codes - messages.PROBLEMS.keys() - format_words.WORDS.keys() == set()
