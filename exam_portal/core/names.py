# SPDX-License-Identifier: Apache-2.0
"""Vietnamese names: their order (given name first, by letters and tones), and when two are one person's."""

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_LETTERS)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền hỏi ngã sắc nặng

_BEHIND_A_NAME = re.compile(r"[,(/:–—]|\s-\s")  # what parts a name from the position behind it
_UNIT = re.compile(r"\(([^()]*)\)")  # the unit that tells two people of one name apart
_TITLE = (
    "(?:ông|bà|anh|chị|thầy|cô|cụ|đồng chí|đ/?c|nhà giáo|giáo sư|phó giáo sư|tiến s[ĩỹ]|thạc s[ĩỹ]|luật sư"
    "|bác s[ĩỹ]|dược s[ĩỹ]|kỹ sư|kiến trúc sư|cử nhân|p\\.?gs|gs|tskh|t\\.?s|th\\.?s|ncs|ls|kts|ks|cn|ds"
    "|(?:bs\\.?\\s?)?ck\\.?\\s?(?:ii|i|[12])|bs|ngưt|ngnd|ttưt|ttnd|gvcc|gvc|cvcc|cvc"
    "|(?:thiếu|trung|thượng|đại) (?:úy|uý|tá|tướng)|mr|mrs|ms|dr|prof|ph\\.?d|m\\.?sc|mba)"
)
_AFTER_A_TITLE = r"[\s.,:/&\-–—]+"
_NUMBER_IN_A_LIST = r"[\s\-–—•*+]*(?:\(?\d+[\s.,):/\-–—]+)?"
_FORMS_OF_ADDRESS = re.compile(rf"^{_NUMBER_IN_A_LIST}(?:{_TITLE}{_AFTER_A_TITLE})*(?=\w)", re.IGNORECASE)
_ONLY_TITLES = re.compile(rf"(?:{_TITLE}(?:{_AFTER_A_TITLE}|$))+", re.IGNORECASE)

ERASED = "(erased by decision)"  # stands where the name stood; pages show it in the reader's language


def normalised(name: str) -> str:
    """Return the name in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def order(name: str) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
    """Return a sort key: given name, family name, then the names between, as lists are printed."""
    words = normalised(name).lower().split(" ")
    return tuple(_word(word) for word in (words[-1:] + words[:-1]))


def same_signer(one: str, other: str) -> bool:
    """Whether two signatures are one person's: a name of the one stands in the other.

    A signature is a full name with what is printed behind it ("Nguyễn Văn Hòa, Chủ tịch"); several are parted
    by semicolons or lines. Composition, capitals, blanks and the place of the tone (Hòa, Hoà) say nothing.
    """
    return _is_in(one, other) or _is_in(other, one)


def is_one_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: they may, unless the names differ, or both bear another unit.

    A number in a list, a form of address or degrees before the name, a position behind it, composition,
    capitals, blanks and the place of the tone say nothing. A unit in brackets tells two people apart only
    where both bear one.
    """
    mine, its = _name_and_unit(one), _name_and_unit(other)
    return mine[0] == its[0] and (not (mine[1] and its[1]) or mine[1] == its[1])


def reading(name: str) -> str:
    """Return what two readings of one signature have in common: the bare name, and the unit, if any."""
    bare, unit = _name_and_unit(name)
    return f"{bare} ({unit})" if unit else bare


def _name_and_unit(name: str) -> tuple[str, str]:
    text = normalised(name)
    unit = _UNIT.search(text)
    return _plain(_bare(text)).strip() or _plain(text).strip(), _plain(unit[1]).strip() if unit else ""


def _bare(text: str) -> str:
    """Return the name between what stands before and behind it; nothing where only titles stand there."""
    bare = _BEHIND_A_NAME.split(_FORMS_OF_ADDRESS.sub("", normalised(text)))[0].strip()
    return "" if _ONLY_TITLES.fullmatch(bare) else bare


def _is_in(one: str, other: str) -> bool:
    """Whether the second signature holds a name that the first begins with, whole word by whole word."""
    people = [_plain(_bare(each)) for each in re.split(r"[;\n]", one)]
    return any(name.strip() and name in _plain(other) for name in people)


def _plain(text: str) -> str:
    """Return the words in small letters, each with its tones behind it, a blank on either side."""
    words = re.findall(r"\w+", normalised(text).lower())
    return f" {' '.join(_letters_and_tones(word) for word in words)} "


def _letters_and_tones(word: str) -> str:
    pairs = [_split(character) for character in word]
    return "".join(letter for letter, _ in pairs) + "".join(str(tone) for _, tone in pairs if tone)


def _word(word: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return letters first, tones second: two spellings differ by tone only after all their letters."""
    letters: list[int] = []
    tones: list[int] = []
    for character in word:
        letter, tone = _split(character)
        letters.append(_RANK.get(letter, len(_LETTERS) + ord(letter)))
        tones.append(tone)
    return tuple(letters), tuple(tones)


def _split(character: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", character)
    tone = next((_TONES[mark] for mark in marks if mark in _TONES), 0)
    letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    return letter, tone
