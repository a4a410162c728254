# SPDX-License-Identifier: Apache-2.0
"""Whatever a file is refused for has words of its own."""

import re
from pathlib import Path

from exam_portal.items import format_words, messages

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"


def test_every_code_of_the_formats_has_words() -> None:
    table = PAGE.read_text(encoding="utf-8").split("## Codes")[1].split("## ")[0]
    codes = {
        code
        for line in table.splitlines()
        if line.startswith("|")
        for code in re.findall(r"`([a-z_]+)`", line.split("|")[1])
    }
    assert codes - messages.PROBLEMS.keys() - format_words.WORDS.keys() == set()
