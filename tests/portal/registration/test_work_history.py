# SPDX-License-Identifier: Apache-2.0
"""The work history of an application: what is kept of it, and in which order months lie."""

from typing import Any

import pytest

from exam_portal.registration import form_content, work_history
from exam_portal.registration.form_content import FormContent
from exam_portal.registration.work_history import Period

FIRST = Period(since="09/2004", until="8/2012", unit="Sở Y tế", position="Chuyên viên")


def test_the_form_is_read_back_as_it_was_sealed() -> None:
    content = FormContent(history=(FIRST, Period(since="09/2012", unit="Sở Nội vụ")), line_manager="Lê Văn A")
    assert form_content.load(content.dump()) == content


def test_rows_without_a_word_are_no_periods() -> None:
    rows: list[dict[str, Any]] = [
        {"since": " ", "until": None},
        {"since": "09/2004", "until": "", "unit": " Sở Y tế "},
    ]
    assert work_history.periods(rows) == (Period(since="09/2004", unit="Sở Y tế"),)


@pytest.mark.parametrize(
    ("since", "until", "is_wrong"),
    [
        ("09/2004", "8/2012", False),
        ("9/2004", "09/2004", False),
        ("09/2004", "08/2004", True),
        ("01/2005", "12/2004", True),
        ("09/2004", "", False),
        ("", "09/2004", False),
    ],
)
def test_no_period_ends_before_it_begins(since: str, until: str, is_wrong: bool) -> None:
    assert work_history.ends_before_it_begins(since, until) is is_wrong
