# SPDX-License-Identifier: Apache-2.0
"""What stands between the questions of a Word paper: titles of parts, and texts that several questions share.

"B. TỰ LUẬN (7 điểm)", "Đọc tình huống sau và trả lời các câu 2 và 3: …" and "Tình huống 1 (dùng cho câu 2–3)"
end the question above them.
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
_LEAD = r"[\s*•+>–-]{0,9}(?:[IVX]{1,4}\s?[.)/:–-]\s{0,3})?[(\[<]?\s{0,3}(?:hãy |em hãy |anh \(?chị\)? hãy )?"
_SORTS = (
    r"(?:tình huống|đoạn văn|đoạn trích|văn bản|ngữ liệu|dữ liệu|dữ kiện|thông tin|tư liệu|bảng số liệu"
    r"|số liệu|bài đọc|bài tập tình huống|câu chuyện|passage|case|situation)"
)
_LIST = (
    r"(?P<rest>(?:[\s,;&–—-]{1,3}|\d{1,4}(?![\d.,]\d)"
    r"|(?:câu|hỏi|số|từ|và|đến|tới|to|and|from|questions?)(?!\w)){0,40})"
)
_SHARED = re.compile(
    _LEAD + r"(?:đọc|dựa vào|dựa trên|dựa theo|căn cứ|sử dụng|dùng|nghiên cứu|xem|quan sát|trên cơ sở"
    r"|cho(?= (?:tình|đoạn|bảng|dữ|thông|số|văn|biểu|câu))|read|use)\b.{0,200}?"
    r"\b(?:trả lời|giải quyết|thực hiện|làm|answer)\b(?P<many>.{0,60}?)\b(?:câu|questions?)\b" + _LIST,
    re.IGNORECASE,
)
_NAMED = re.compile(
    _LEAD
    + _SORTS
    + r"\b(?:\s(?:số\s)?\d{1,2}\s?[.:]\s{0,3}(?=[(\[]))?[^.:;\n]{0,80}?\b(?:câu|questions?)\b"
    + _LIST,
    re.IGNORECASE,
)
_NUMBERS_FIRST = re.compile(
    _LEAD + r"(?:trả lời )?(?:từ )?(?:các |những )?(?:câu|questions?)\b" + _LIST + r"[\s.:)\]>]{0,4}"
    r"(?:được |có |đều |hãy |cùng )?(?:dựa|dùng|sử dụng|đọc|căn cứ|liên quan|xem|nghiên cứu|thuộc|chung"
    rf"|về|cho|based|refer|{_SORTS})\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    _LEAD + _SORTS + r"\s(?:số\s)?(?:\d{1,2}|[IVX]{1,4})(?:\s?[.:)–-]|\s{0,9}$)", re.IGNORECASE
)
_NUMBER = re.compile(r"\d{1,4}")
_RANGE = re.compile(
    r"(\d{1,4})\s{0,3}(?:-|–|—|đến|tới|to)\s{0,3}(?:câu\s)?(?:hỏi\s)?(?:số\s)?(\d{1,4})", re.IGNORECASE
)
_MOST_SHARING = 100
_FARTHEST = 400  # characters in which a text says which questions it is for


@dataclass(slots=True)
class Shared:
    """A text that the questions of these numbers are about; without any, the next one or all that follow."""

    numbers: frozenset[int]
    is_for_next_only: bool
    is_used: bool = False
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


def names_essays(title: str) -> bool:
    """True when the title is that of a part of essays."""
    return "tu luan" in search_key(title)


def names_choices(title: str) -> bool:
    """True when the title is that of a part of choices."""
    return "trac nghiem" in search_key(title)


def names_short_answers(title: str) -> bool:
    """True when the title is that of a part of short answers."""
    return "tra loi ngan" in search_key(title) or "dien khuyet" in search_key(title)


def heads_several(text: str) -> bool:
    """True for a line that begins as a question and speaks of several: "Câu 5 đến câu 8 dựa vào …"."""
    found = _NUMBERS_FIRST.match(text)
    return found is not None and len(_numbers(found["rest"])) > 1


def shared_from(text: str, last: int | None, *, is_in_row: bool = False) -> Shared | None:
    """The text that begins so, for the questions it names; `last` is the question above it, if it may go on.

    A question without options yet may well say itself what is to be read: only one that names later
    questions begins a text for them. "Tình huống 2: …" names none: where such a text came before
    (`is_in_row`) or no question may go on, it is for all that follow.
    """
    beginning = text[:_FARTHEST]
    is_begun = "câu" in beginning.lower() or "question" in beginning.lower()
    if not is_begun and not _NUMBERED.match(text):
        return None
    text = beginning
    found = _NUMBERS_FIRST.match(text) if heads_several(text) else None
    found = found or _SHARED.match(text)
    numbers = _numbers(found["rest"]) if found else set()
    if not numbers and (named := _NAMED.match(text)):
        numbers = _numbers(named["rest"])
        found = named if numbers else found
    if found is None:
        begins = _NUMBERED.match(text) and (last is None or is_in_row)
        return Shared(frozenset(), is_for_next_only=False) if begins else None
    if last is not None and not (numbers and min(numbers) > last):
        return None
    before = found["many"] if "many" in found.re.groupindex else ""
    has_many = any(word in before.lower().split() for word in ("các", "những", "the"))
    return Shared(frozenset(numbers), is_for_next_only=not (numbers or has_many))


def _numbers(text: str) -> set[int]:
    found = {int(number) for number in _NUMBER.findall(text)}
    for first, last in _RANGE.findall(text):
        found.update(range(int(first), min(int(last), int(first) + _MOST_SHARING) + 1))
    return found
