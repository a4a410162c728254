# SPDX-License-Identifier: Apache-2.0
"""What stands between the questions of a Word paper: titles of parts, and texts that several questions share.

"B. TỰ LUẬN (7 điểm)" and "Đọc tình huống sau và trả lời các câu 2 và 3: …" end the question above them.
"""

import re
from dataclasses import dataclass, field

from question_bank.formats.word.document import Table
from question_bank.formats.word.passage import Passage
from question_bank.text import search_key

_TITLE = re.compile(
    r"\s{0,9}(?:(?P<letter>[A-H])\s?[.)/:–-]\s{0,3}|[IVX]{1,4}\s?[.)/:–-]\s{0,3})?"
    r"(?:phần(?: thi| câu hỏi)?\s{0,3}[:.–-]?\s{0,3})?(?:câu hỏi )?(?:trắc nghiệm|tự luận)"
    r"(?: khách quan| nhiều lựa chọn| đúng[/ –-]{1,3}sai| trả lời ngắn)?"
    r"\s{0,3}(?P<marks>[(\[][^()\[\]]{1,80}[)\]])?[\s.:]{0,9}",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"\s{0,9}(?:đọc|dựa vào|dựa trên|căn cứ|sử dụng|dùng|nghiên cứu|xem|read|use)\b.{0,200}?"
    r"\b(?:trả lời|giải quyết|làm|answer)\b(?P<many>.{0,30}?\b(?:các|những|the))?.{0,30}?"
    r"\b(?:câu|questions?)\b(?P<rest>[^.:;\n]{0,60})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,4}")
_RANGE = re.compile(r"(\d{1,4})\s{0,3}(?:-|–|đến|tới|to)\s{0,3}(?:câu\s)?(\d{1,4})", re.IGNORECASE)
_MOST_SHARING = 100


@dataclass(slots=True)
class Shared:
    """A text that the questions of these numbers are about; without any, the next one or all that follow."""

    numbers: frozenset[int]
    is_for_next_only: bool
    blocks: list[Passage | Table] = field(default_factory=list)

    def is_for(self, number: int) -> bool:
        """True when the question of this number is about the text."""
        return not self.numbers or number in self.numbers


def is_title(text: str, next_letter: str) -> bool:
    """True for the title of a part.

    "B. Tự luận" is an option where B comes next, unless the marks of a part stand behind it.
    """
    found = _TITLE.fullmatch(text)
    if found is None:
        return False
    is_option = found["letter"] is not None and found["letter"].upper() == next_letter
    return not is_option or "điểm" in (found["marks"] or "").lower()


def names_essays(text: str) -> bool:
    """True when the title is that of a part of essays."""
    return "tu luan" in search_key(text)


def names_choices(text: str) -> bool:
    """True when the title is that of a part of choices."""
    return "trac nghiem" in search_key(text)


def shared_from(text: str, last: int | None) -> Shared | None:
    """The text that begins so, for the questions it names; `last` is the question above it, if it may go on.

    A question without options yet may well say itself what is to be read: only one that names later
    questions begins a text for them.
    """
    found = _SHARED.match(text)
    if found is None:
        return None
    numbers = _numbers(found["rest"])
    if last is not None and not (numbers and min(numbers) > last):
        return None
    return Shared(frozenset(numbers), is_for_next_only=not (numbers or found["many"]))


def _numbers(text: str) -> set[int]:
    found = {int(number) for number in _NUMBER.findall(text)}
    for first, last in _RANGE.findall(text):
        found.update(range(int(first), min(int(last), int(first) + _MOST_SHARING) + 1))
    return found
