# SPDX-License-Identifier: Apache-2.0
"""Notices say, word by word, what was read and approved: the files in tests/scoring/notices."""

import pytest

from tests.scoring.notices import FOLDER, names, notice


@pytest.mark.parametrize("name", names())
def test_a_notice_says_what_was_approved(name: str) -> None:
    assert notice(name) == (FOLDER / name).read_text(encoding="utf-8")


def test_no_approved_notice_is_of_a_rule_set_that_is_gone() -> None:
    assert {path.name for path in FOLDER.glob("*.txt")} == set(names())
