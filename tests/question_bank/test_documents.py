# SPDX-License-Identifier: Apache-2.0
"""The pages about items and formats name every kind and every code a report can hold."""

import re
from pathlib import Path

from question_bank.registry import KINDS
from question_bank.text import one_line

SEVERITIES = {"error", "warning"}
ROOT = Path(__file__).parents[2]
PAGES = [(ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("items.md", "formats.md")]
PAGE = "\n".join(PAGES)
READERS = ("fields.py", "registry.py", "json_reader.py", "problems.py", "kinds/*.py", "formats/**/*.py")
CODE = re.compile(
    r'(?:refuse|warn|failed|_fail|error|_problem|Unreadable|NotHeld|XmlRefused)\((?:[^"()]|\([^"()]*\))*"([a-z0-9_]+)"'
)


def codes() -> set[str]:
    """Every code under which the package reports a finding."""
    sources = [path for pattern in READERS for path in (ROOT / "question_bank").glob(pattern)]
    return {code for path in sources for code in CODE.findall(one_line(path.read_text(encoding="utf-8")))}


def test_every_code_is_explained() -> None:
    found = codes()
    assert {"missing_key", "not_json", "unknown_format", "positional_option", "unsupported_type"} <= found
    assert sorted(code for code in found - SEVERITIES if f"`{code}`" not in PAGE) == []


def test_every_kind_is_explained() -> None:
    assert [kind for kind in KINDS if f"| `{kind}` |" not in PAGE] == []
