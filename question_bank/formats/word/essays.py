# SPDX-License-Identifier: Apache-2.0
"""Whether a question without options is an essay: never where options may have been missed.

Under "Tự luận" it is one. Elsewhere its marks or its verb ("Trình bày …", "Anh (chị) hãy phân tích …") say
so, unless something in it looks like options that were not recognised.
"""

import re
from collections.abc import Collection

from question_bank.formats.word import lines
from question_bank.formats.word.document import Table
from question_bank.formats.word.passage import Passage
from question_bank.formats.word.questions import Question

_OPEN = re.compile(
    r"\W{0,3}(?:(?:theo|với|bằng|từ|qua|trên cơ sở|dựa|căn cứ|là|nếu|khi|trong|để|đối với)\b[^,]{1,120},\s)?"
    r"(?:(?:theo )?(?:các )?(?:anh|chị|ông|bà|em|đồng chí|thí sinh|bạn)[\s/,()]{0,3}"
    r"(?:hoặc )?(?:chị|bà)?\)?,?\s{0,2})?"
    r"(?:hãy |cần |sẽ |vui lòng )?"
    r"(?:trình bày|phân tích|nêu|so sánh|giải thích|đánh giá|bình luận|chứng minh|liên hệ|làm rõ|đề xuất"
    r"|xây dựng|soạn thảo|viết|nhận xét|phân biệt|thảo luận|vận dụng|xử lý|giải quyết|cho biết ý kiến|hãy"
    r"|discuss|describe|explain|compare|analyse|analyze|evaluate|outline)(?!\w)",
    re.IGNORECASE,
)
_PICKS = re.compile(
    r"\b(?:chọn|khoanh|phương án|đáp án|đúng nhất|nào sau đây|nào dưới đây|sau đây là|đúng hay sai"
    r"|đúng hoặc sai|điền|nối|ghép)\b",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\s{0,9}(?:[-–—+•*○●▪□☐◦]|[a-jA-J]\s?[.)/:]|\(?[a-j1-9]\)|\d{1,2}\s?[.)])")
_LETTERED = re.compile(r"\s{0,9}[a-hA-H]\s?[.)/]\s{0,5}")
_SHORT = 120
_FARTHEST = 5_000  # characters of a line in which somebody asks


def is_one(question: Question, *, marks_of_choices: Collection[str] = ()) -> bool:
    """True when the question is an essay though no title says so.

    `marks_of_choices`: the marks of the choices in its file; where it earns the same, its marks say nothing.
    """
    if _has_lettered(question) or _is_letter(question):
        return False
    if not question.is_choice:
        return bool(question.marks) or (_is_open(question) and not _may_hide_options(question))
    is_marked = bool(question.marks) and question.marks not in marks_of_choices
    if _asks_to_pick(question) or question.is_in_choices:
        return False
    if is_marked and _is_open(question):
        return True
    return (is_marked or _is_open(question)) and not _may_hide_options(question)


def _texts(question: Question) -> list[str]:
    found = [line.text for each in question.stem if isinstance(each, Passage) for line in each.lines()]
    return [text[:_FARTHEST] for text in found]


def _is_letter(question: Question) -> bool:
    """True when what answers it is the letter of an option."""
    first = question.answer[0] if question.answer else None
    return isinstance(first, Passage) and lines.KEY.fullmatch(f"Đáp án: {first.text}") is not None


def _is_open(question: Question) -> bool:
    """True when one of its sentences begins with a verb that asks for an answer of one's own."""
    return any(
        _OPEN.match(sentence) for text in _texts(question) for sentence in re.split(r"(?<=[.?:;!])\s+", text)
    )


def _asks_to_pick(question: Question) -> bool:
    return _is_letter(question) or any(_PICKS.search(text) for text in _texts(question))


def _has_lettered(question: Question) -> bool:
    """True when parts a), b) … stand in it that ask for nothing: statements to judge whose key is missing."""
    found = [text for text in _texts(question) if _LETTERED.match(text)]
    return len(found) > 1 and not any(_OPEN.match(_LETTERED.sub("", text, count=1)) for text in found)


def _may_hide_options(question: Question) -> bool:
    """True when a list, short lines, a table or something lost could be options that were not recognised."""
    further = [text for text in _texts(question)[1:] if text.strip()]
    below = [text for text in further if not _OPEN.match(_ENTRY.sub("", text, count=1))]
    has_entries = bool(below) and (question.has_entries or any(_ENTRY.match(text) for text in below))
    are_short = len(below) > 1 and all(len(text) < _SHORT for text in below)
    is_lost = any(
        isinstance(each, Table) or each.lost() or any(piece.picture for piece in each.pieces)
        for each in question.stem
    )
    return has_entries or are_short or is_lost
