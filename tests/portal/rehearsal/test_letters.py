# SPDX-License-Identifier: Apache-2.0
"""The links of the mail sink are found by address."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from exam_portal.rehearsal import letters


def drop(directory: Path, name: str, to: str, text: str) -> None:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = to, "Xác nhận địa chỉ"
    letter.set_content(text)
    (directory / name).write_bytes(bytes(letter))


def test_the_link_of_a_letter_is_found_whatever_the_case_of_the_address(tmp_path: Path) -> None:
    drop(tmp_path, "1.eml", "an@example.vn", "Mở http://127.0.0.1:1/confirm/abc để xác nhận.")
    drop(tmp_path, "2.eml", "binh@example.vn", "Không có liên kết.")
    assert letters.Letters(tmp_path).link_for("AN@example.vn") == "/confirm/abc"


def test_a_letter_that_does_not_come_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "WAIT_SECONDS", 0.1)
    with pytest.raises(letters.LetterMissing, match=r"an@example\.vn"):
        letters.Letters(tmp_path / "nothing").link_for("an@example.vn")
