# SPDX-License-Identifier: Apache-2.0
"""Which column holds what: the header is searched, for titles and notes often stand above it.

Headers are compared without marks, so that "Đáp án đúng", "DAP AN DUNG" and "Đáp Án Đúng (A/B/C/D)" are one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from question_bank.formats.sheets.sheet import Row, Sheet
from question_bank.text import search_key

_FARTHEST = 60  # rows above a header
_NAMES: Mapping[str, str] = {
    "id": "ma cau hoi|ma cau|ma|id|question id|code|ma so|item id|external id|ma ch",
    "number": "stt|tt|cau|cau so|so thu tu|so tt|no|so cau|thu tu|number|index",
    "kind": "loai|loai cau hoi|kieu cau hoi|kieu|dang cau hoi|dang|type|question type|hinh thuc"
    "|loai cau|item type|kind",
    "title": "tieu de|ten cau hoi|title|name|question name",
    "stem": "noi dung cau hoi|cau hoi|noi dung|cau hoi trac nghiem|de bai|question|question text"
    "|questions|stem|question stem|cau dan|phan dan|noi dung cau dan"
    "|noi dung cau hoi trac nghiem|prompt|item|noi dung de|cau hoi va phuong an tra loi"
    "|cau hoi va dap an|question title",
    "key": "dap an dung|dap an chinh xac|da dung|cau tra loi dung|tra loi dung|phuong an dung"
    "|lua chon dung|phuong an tra loi dung|correct answer|correct answers|correct option"
    "|correct options|correct|right answer|answer key|key|keys|ket qua dung|ket qua"
    "|correct choice|dung|pa dung|dap an dung la|solution",
    "answer": "dap an|d a|da|answer|answers|dap an tra loi|tra loi|cau tra loi",
    "options": "phuong an|phuong an tra loi|cac phuong an|lua chon|cac lua chon|options|choices|cac dap an"
    "|cac phuong an tra loi|noi dung dap an|noi dung phuong an|option|choice|phuong an lua chon",
    "marks": "diem|so diem|diem so|points|score|mark|marks|thang diem|point|diem toi da",
    "level": "muc do|muc do nhan thuc|cap do|cap do nhan thuc|level|bloom|muc|cap do tu duy"
    "|muc nhan thuc|cognitive level|muc do tu duy",
    "difficulty": "do kho|difficulty|muc do kho|muc kho",
    "topic": "chu de|chuyen de|linh vuc|noi dung kien thuc|don vi kien thuc|mach kien thuc|category"
    "|topic|topics|mang|mang kien thuc|subject|mon|mon hoc|mon thi|phan|chuong|chuong muc|bai"
    "|bai hoc|nhom|nhom cau hoi|danh muc|muc luc",
    "feedback": "giai thich|loi giai|huong dan giai|ly giai|explanation|giai thich dap an|feedback"
    "|huong dan|rationale|general feedback|giai thich chi tiet|loi giai chi tiet",
    "instrument": "can cu|can cu phap ly|van ban|nguon|trich dan|co so phap ly|source|reference"
    "|tai lieu tham khao|van ban phap luat|tai lieu|nguon trich dan",
    "article": "dieu khoan|dieu|article|dieu luat|dieu khoan can cu",
    "tags": "nhan|the|tags|tag|tu khoa|keywords|labels",
    "tag": "khoi|lop|khoi lop|nam|nhom doi tuong|doi tuong|vi tri viec lam|grade",
    "statement": "phat bieu|cac phat bieu|noi dung phat bieu|menh de|cac menh de|nhan dinh|cac nhan dinh"
    "|khang dinh|cac khang dinh|y|cac y|noi dung y|lenh hoi|statement|statements",
    "steps": "diem theo so y dung|diem theo so y|marks by number right",
    "weights": "ti le diem|ty le diem|trong so phuong an|weights",
    "markup": "dinh dang|markup",
    "extra": "exam portal",
    "picture": "hinh anh|anh|hinh|image|images|image link|picture|media|hinh minh hoa",
}  # fmt: skip
_ROLES = {name: role for role, names in _NAMES.items() for name in names.split("|")}
_BEGINNINGS: Sequence[tuple[str, str]] = (
    ("noi dung cau hoi", "stem"), ("dap an dung", "key"), ("tra loi dung", "key"), ("phuong an dung", "key"),
    ("dap an chinh xac", "key"), ("correct", "key"), ("giai thich", "feedback"), ("loi giai", "feedback"),
    ("muc do", "level"), ("chu de", "topic"), ("chuong", "topic"), ("ma cau", "id"), ("do kho", "difficulty"),
    ("cau hoi", "stem"), ("question", "stem"),
)  # fmt: skip
_LETTERED = re.compile(
    r"(?:noi dung )?(?:dap an|phuong an|lua chon|cau tra loi|tra loi|p ?a|d ?a|y|option"
    r"|answer|choice|opt|ans|incorrect|distractor)(?: tra loi| lua chon| option| answer)? ?"
    r"(?:so |thu )?([a-j]|[1-9]|10)(?: .{0,20})?"
)
_LETTER = re.compile(r"[a-j]")
_TRUE = frozenset({"dung", "true", "d", "chon dung"})
_FALSE = frozenset({"sai", "false", "s", "chon sai", "khong dung"})
_ASIDE = re.compile(r"[(\[{].*", re.DOTALL)
_LEGEND = re.compile(r"([^\W\d_][\w ]{0,30}?)\s*[=:]\s*([1-9])\b|\b([1-9])\s*[=:]\s*([^\W\d_][\w ]{0,30})")


@dataclass(slots=True)
class Header:
    """The columns of a sheet by what they hold, and where the header ends."""

    last: int
    texts: tuple[str, ...]
    one: dict[str, int] = field(default_factory=dict)
    options: dict[str, int] = field(default_factory=dict)
    topics: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)

    def column(self, role: str) -> int | None:
        """The column that holds this, or None."""
        return self.one.get(role)

    def legend(self, role: str) -> Mapping[str, str]:
        """What numbers mean, where the header says it: "Độ khó (Dễ = 1, Khó = 3)"."""
        column = self.one.get(role)
        pairs = _LEGEND.findall(self.texts[column]) if column is not None else []
        return {one or two: (word or other).strip() for word, one, two, other in pairs}

    @property
    def has_ticks(self) -> bool:
        """True when one column is ticked for what is true and another for what is false."""
        return "true" in self.one

    @property
    def is_one(self) -> bool:
        """True when these columns can hold questions."""
        roles = ("key", "choices", "kind", "true")
        has_answers = len(self.options) >= 2 or any(role in self.one for role in roles)
        return "stem" in self.one and has_answers


def find(sheet: Sheet) -> Header | None:
    """The header of the sheet, in one row or in two of which the upper one names groups; None without one."""
    best: Header | None = None
    rows = sheet.rows[:_FARTHEST]
    for place, row in enumerate(rows):
        below = rows[place + 1] if place + 1 < len(rows) else None
        for texts, last in _readings(row, below):
            header = _header(texts, last, rows[place + 1 : place + 20])
            if header.is_one and (best is None or _is_better(header, best, below)):
                best = header
        if best is not None and place > 3 + next(i for i, each in enumerate(rows) if each.line >= best.last):
            break
    return best


def _is_better(header: Header, best: Header, below: Row | None) -> bool:
    """True for a header that says more, or as much with a second row that holds no question of its own."""
    if _worth(header) != _worth(best) or below is None:
        return _worth(header) > _worth(best)
    return header.last == below.line > best.last and not below.cell(header.one["stem"])


def _readings(row: Row, below: Row | None) -> list[tuple[tuple[str, ...], int]]:
    found = [(row.cells, row.line)]
    if below is not None and below.filled:
        upper = list(row.cells) + [""] * (len(below.cells) - len(row.cells))
        for place in range(1, len(upper)):
            upper[place] = upper[place] or (upper[place - 1] if _has(below, place) else "")
        joined = [
            f"{above} {cell}".strip()
            if _LETTER.fullmatch(search_key(cell)) or cell.strip().isdigit()
            else cell or above
            for above, cell in zip(upper, [*below.cells, *[""] * len(upper)], strict=False)
        ]
        shorts = sum(1 for cell in below.cells if len(search_key(cell)) <= 2 and cell.strip())
        options = sum(1 for cell in below.cells if _role(cell)[1])
        if max(shorts, options) >= 2 or _ticks(below.cells):
            found.append((tuple(joined), below.line))
    return found


def _has(row: Row, place: int) -> bool:
    return place < len(row.cells) and bool(row.cells[place].strip())


def _worth(header: Header) -> int:
    return 4 * len(header.one) + 3 * len(header.options) - len(header.unknown)


def _header(texts: Sequence[str], last: int, below: Sequence[Row]) -> Header:
    header = Header(last=last, texts=tuple(texts))
    several: dict[str, list[int]] = {"stem": [], "answer": [], "topic": header.topics, "tag": header.tags}
    header.one.update(_ticks(texts))
    ticks = set(header.one.values())
    for column, text in enumerate(texts):
        if column in ticks:
            continue
        role, letter = _role(text)
        if letter:
            header.options.setdefault(letter, column)
        elif role in several:
            several[role].append(column)
        elif role:
            header.one.setdefault("choices" if role == "options" else role, column)
        elif text.strip():
            header.unknown.append(column)
    _settle_stem(header, several["stem"], below)
    if "statement" in header.one and not ticks and "key" not in header.one and not several["answer"]:
        header.unknown.append(header.one.pop("statement"))
    _settle_answers(header, several["answer"])
    return header


def _settle_stem(header: Header, stems: Sequence[int], below: Sequence[Row]) -> None:
    """Of "Câu hỏi" (Câu 1, Câu 2 …) and "Nội dung" the one that holds the longer texts is the question."""
    nameless = [at for at in range(header.one.get("true", 0)) if not header.texts[at].strip()]
    if stems or ("statement" not in header.one and "title" not in header.one and nameless):
        header.one["stem"] = max(stems or nameless, key=lambda at: sum(len(row.cell(at)) for row in below))
    elif "title" in header.one:
        header.one["stem"] = header.one.pop("title")
    elif "statement" in header.one:
        header.one["stem"] = header.one.pop("statement")


def _ticks(texts: Sequence[str]) -> dict[str, int]:
    """The columns that are ticked, where there is one for each verdict and none for options A, B, C."""
    names = [_key(text) for text in texts]
    true = [column for column, name in enumerate(names) if name in _TRUE]
    false = [column for column, name in enumerate(names) if name in _FALSE]
    if len(true) != 1 or len(false) != 1 or "c" in names:
        return {}
    return {"true": true[0], "false": false[0]}


def _settle_answers(header: Header, answers: list[int]) -> None:
    """ "Đáp án" alone is the key, unless another column is: then it holds the options."""
    if answers and "key" not in header.one:
        header.one["key"] = answers.pop()
    if answers and not header.options:
        header.one.setdefault("choices", answers[0])
    start = header.one.get("choices")
    if start is None or header.options:
        return
    blank = start + 1
    while blank < len(header.texts) and not header.texts[blank].strip():
        blank += 1
    if blank - start > 1:  # one merged cell over several columns
        header.options = {"ABCDEFGHIJ"[place]: start + place for place in range(min(blank - start, 10))}
        del header.one["choices"]


def _role(text: str) -> tuple[str, str]:
    key = _key(text)
    if not key or len(key) > 80:
        return "", ""
    if _LETTER.fullmatch(key):
        return "", key.upper()
    if key in _ROLES:
        return _ROLES[key], ""
    if found := _LETTERED.fullmatch(key):
        return "", _as_letter(found[1])
    return next((role for start, role in _BEGINNINGS if key.startswith(start)), ""), ""


def _key(text: str) -> str:
    return search_key(_ASIDE.sub("", text)) or search_key(text)


def _as_letter(spelt: str) -> str:
    return "ABCDEFGHIJ"[int(spelt) - 1] if spelt.isdigit() else spelt.upper()
