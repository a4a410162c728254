# SPDX-License-Identifier: Apache-2.0
"""Levels, difficulties and kinds of questions as Vietnamese and English sheets spell them."""

import re
from collections.abc import Mapping

from question_bank.text import search_key

LEVELS: Mapping[str, str] = {
    "remember": "nhan biet|nb|biet|nho|remember|remembering|knowledge|ghi nho|muc nhan biet",
    "understand": "thong hieu|th|hieu|understand|understanding|comprehension",
    "apply": "van dung|vd|van dung thap|vdt|ap dung|apply|applying|application",
    "analyse": "phan tich|van dung cao|vdc|analyse|analyze|analysis",
    "evaluate": "danh gia|evaluate|evaluation",
    "create": "sang tao|tong hop|create|creation|synthesis",
}  # fmt: skip
WRITTEN_LEVELS: Mapping[str, str] = {
    "remember": "Nhận biết",
    "understand": "Thông hiểu",
    "apply": "Vận dụng",
    "analyse": "Phân tích",
    "evaluate": "Đánh giá",
    "create": "Sáng tạo",
}
KINDS: Mapping[str, str] = {
    "single_choice": "mot lua chon|mot dap an|mot dap an dung|single choice|single|trac nghiem mot dap an"
    "|trac nghiem 1 dap an|chon mot|1 dap an|single answer|radio|single select",
    "choice": "trac nghiem|trac nghiem khach quan|multiple choice|mcq|mc|choice|tn|lua chon"
    "|trac nghiem nhieu lua chon|nhieu lua chon|chon dap an",
    "multiple_choice": "nhieu dap an|nhieu dap an dung|multiple answers|multiple response|multiple answer"
    "|multi select|checkbox|multiple select|trac nghiem nhieu dap an|chon nhieu"
    "|chon nhieu dap an",
    "true_false": "dung sai|true false|dung hoac sai|truefalse|tf",
    "case_study": "nhieu y dung sai|dung sai nhieu y|trac nghiem dung sai|true false statements",
    "short_answer": "tra loi ngan|dien khuyet|dien tu|dien vao cho trong|short answer|fill in the blank"
    "|fill in the blanks|fill in|dien|shortanswer",
    "numeric": "so|numeric|numerical|dien so|dap so",
    "essay": "tu luan|essay|bai viet|viet|cau hoi mo|open ended|long answer|tl",
    "description": "mo ta|description|thong tin|doan van",
}  # fmt: skip
WRITTEN_KINDS: Mapping[str, str] = {
    "single_choice": "Một đáp án",
    "multiple_choice": "Nhiều đáp án",
    "true_false": "Đúng/Sai",
    "case_study": "Nhiều ý Đúng/Sai",
    "short_answer": "Trả lời ngắn",
    "numeric": "Điền số",
    "essay": "Tự luận",
    "description": "Mô tả",
}
_LEVELS = {word: level for level, words in LEVELS.items() for word in words.split("|")}
_KINDS = {word: kind for kind, words in KINDS.items() for word in words.split("|")}
_KINDS |= {kind.replace("_", " "): kind for kind in WRITTEN_KINDS}
_BY_NUMBER = ("remember", "understand", "apply", "analyse")
_NUMBER = re.compile(r"(?:muc(?: do)? ?|cap(?: do)? ?|level )?([1-4])")
_SECTION = re.compile(
    r"(?:chương|phần|chủ đề|chuyên đề|bài|mục|lĩnh vực|chapter|part|section)\s+(?:\d+|[ivxlc]+|[a-h])\b.*"
    r"|[ivx]+\s*[.)]\s+\S.*",
    re.IGNORECASE | re.DOTALL,
)


def level_of(spelt: str) -> str | None:
    """The level that the words name, or None."""
    key = search_key(spelt)
    return _LEVELS.get(key) or _LEVELS.get(key.removeprefix("muc do ").removeprefix("cap do "))


def level_by_number(spelt: str) -> str | None:
    """The level that a number from 1 to 4 stands for in Vietnamese blueprints, or None."""
    found = _NUMBER.fullmatch(search_key(spelt))
    return _BY_NUMBER[int(found[1]) - 1] if found else None


def kind_of(spelt: str) -> str | None:
    """The kind that the words name, or None; "choice" is a choice whose key says of which kind."""
    return _KINDS.get(search_key(spelt))


def is_section(text: str) -> bool:
    """True for a line that begins a chapter: "CHƯƠNG II. Ngân sách nhà nước"."""
    return len(text) < 200 and _SECTION.fullmatch(text.strip()) is not None
