# SPDX-License-Identifier: Apache-2.0
"""What a single line of a Word paper says by its words: where a question begins, its key, its level."""

import re

from question_bank.formats.sheets import words
from question_bank.text import search_key

KEY = re.compile(
    r"\s{0,9}\W{0,3}(?:(?:đáp án|phương án|câu trả lời)(?: đúng)?|đ/?a|trả lời|answer|correct answer"
    r"|chọn|keys?)"
    r"\s{0,3}(?:là)?\s{0,3}[:.=–-]?\s{0,3}(?:đáp án|phương án|câu|ý)?\s{0,3}"
    r"((?-i:[A-J])(?:\s{0,2}(?:,|;|&|và|and)\s{0,2}(?-i:[A-J])){0,9})(?:[\s.)–:-].{0,300})?",
    re.IGNORECASE,
)
EXPLANATION = re.compile(
    r"\s{0,9}\W{0,2}(?:giải thích|lời giải|hướng dẫn giải|hướng dẫn|ly giải|lý giải|giải|căn cứ|explanation"
    r"|rationale|feedback)(?: chi tiết)?\s{0,3}[:.–-]\s{0,3}",
    re.IGNORECASE,
)
ANSWER = re.compile(
    r"\s{0,9}\W{0,3}(?:(?:đáp án|đáp số|kết quả|trả lời|answer)(?: đúng)?"
    r"|(?:hướng dẫn|gợi ý) (?:chấm|trả lời|đáp án)|gợi ý|đáp án gợi ý|yêu cầu cần đạt|biểu điểm|thang điểm)"
    r"(?: chi tiết)?\s{0,3}(?::|$)\s{0,3}",
    re.IGNORECASE,
)
LEVEL = re.compile(
    r"\s{0,9}\W{0,2}(?:mức độ|cấp độ|level)(?: nhận thức)?\s{0,3}[:.–-]?\s{0,3}(.{1,40})", re.IGNORECASE
)
TOPIC = re.compile(
    r"\s{0,9}\W{0,2}(?:chủ đề|chuyên đề|lĩnh vực|topic)\s{0,3}:\s{0,3}(.{1,180})", re.IGNORECASE
)
ID = re.compile(r"\s{0,9}mã(?: câu)?(?: hỏi)?\s{0,3}:\s{0,3}(\S{1,64})\s{0,9}", re.IGNORECASE)
STEPS = re.compile(r"\s{0,9}điểm theo số ý đúng\s{0,3}:\s{0,3}(.{1,120})", re.IGNORECASE)
SHARES = re.compile(r"\s{0,9}điểm mỗi ý\s{0,3}:\s{0,3}(.{1,120})", re.IGNORECASE)
CODE = re.compile(r"mã đề(?: thi)?(?: số)?\s{0,3}[:.]?\s{0,3}(\d{2,4})(?!\d)", re.IGNORECASE)
KEYS_BEGIN = re.compile(
    r"\W{0,9}(?:bảng )?(?:đáp án|hướng dẫn chấm|answer key|keys?)"
    r"(?: và [^.:]{1,60}|(?: mã)? đề [^.:]{1,60}| chi tiết)?\W{0,9}",
    re.IGNORECASE,
)
END = re.compile(r"[\W_]{0,40}(?:hết|the end|end)[\W_]{0,40}", re.IGNORECASE)
PART = re.compile(r"(?:trắc nghiệm|tự luận|phần\b.{0,150})", re.IGNORECASE)
NUMBERED = re.compile(
    r"\s{0,9}(?:Câu hỏi|Câu|CÂU HỎI|CÂU|Question|Bài tập|Q)\s{0,3}(?:số\s)?(\d{1,4})"
    r"(?=[\s.:)/–(\[-]|$)[\s.:)/–-]{0,5}"
)
BARE = re.compile(r"\s{0,9}(\d{1,4})\s?[.)/:]\s{0,5}(?=\S)")
CAPITAL_OPTION = re.compile(r"\s{0,9}\*?[A-B]\s?[.)]")
_PLACE = re.compile(r"\A(?:[ivx]{1,4}|\d{1,2}) (?=\w)")
_ASIDE = re.compile(r"\s{0,3}[(\[]([^()\[\]]{1,40})[)\]][\s.:–-]{0,4}")
_MARKS = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)\s?(?:điểm|đ|points?)\b", re.IGNORECASE)
_TRUTHS = re.compile(
    r"\s{0,9}\W{0,3}(?:đáp án|đ/?a|trả lời|keys?)(?: đúng)?\s{0,3}[:.=–-]?\s{0,3}"
    r"((?:(?:[a-h]\s?[).:–-]{0,2}\s{0,2})?(?:Đúng|Sai|Đ|S)(?![\w])[\s,;.–-]{0,5}){1,8}|[ĐS]{2,8})",
    re.IGNORECASE,
)
_TRUTH = re.compile(r"(?<![^\WĐS])(Đúng|Sai|Đ|S)(?![^\WĐS])", re.IGNORECASE)


def truths(text: str) -> str:
    """ "ĐSĐS" for a line that says so of the statements above it, "Đ" of a question, else nothing."""
    found = _TRUTHS.fullmatch(text)
    return "".join(said[0].upper() for said in _TRUTH.findall(found[1])) if found else ""


def named_level(text: str) -> str:
    """The level that a line of its own names for the questions under it."""
    key = _PLACE.sub("", search_key(text))
    for start in ("muc do ", "cap do ", "cau hoi ", "cau hoi muc do ", "phan "):
        if key.startswith(start) and words.level_of(key.removeprefix(start)):
            return key.removeprefix(start)
    return key if len(key) > 3 and words.level_of(key) else ""


def asides(text: str, at: int) -> tuple[str, str, int]:
    """The marks and the level in brackets behind a number, and where the question itself begins."""
    marks = level = ""
    while aside := _ASIDE.match(text, at):
        if found := _MARKS.fullmatch(aside[1].strip()):
            marks = found[1]
        elif words.level_of(aside[1]):
            level = aside[1]
        else:
            break
        at = aside.end()
    return marks, level, at
