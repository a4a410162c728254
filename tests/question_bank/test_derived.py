# SPDX-License-Identifier: Apache-2.0
"""A question without an id is found again, corrected, or another one: never does one take another's place."""

from collections.abc import Collection, Mapping

import pytest

from question_bank import derived, formats
from question_bank.item import Item, content_hash

STEM = "Phát biểu nào sau đây đúng?"
FIRST = ("Hà Nội là thủ đô", "Huế là thủ đô", "Vinh là thủ đô", "Đà Nẵng là thủ đô")
SECOND = ("Nghị định do Chính phủ ban hành", "Luật do Bộ ban hành", "Thông tư do Quốc hội ban hành")
CORRECTED = ("Hà Nội là thủ đô", "Huế là cố đô", "Vinh là thủ đô", "Đà Nẵng là thủ đô.")


def aiken(*questions: tuple[str, ...], key: str = "A") -> formats.ReadResult:
    """A file in which every question has the same stem."""
    texts = [
        "\n".join([STEM, *(f"{letter}. {text}" for letter, text in zip("ABCD", texts, strict=False))])
        + f"\nANSWER: {key}\n"
        for texts in questions
    ]
    found = formats.read("\n".join(texts).encode(), "aiken")
    assert not found.problems
    return found


def taken_in(bank: dict[str, Item], read: formats.ReadResult) -> list[str]:
    """The file has come into the bank; return the ids of its questions."""

    def opened(wanted: Collection[str]) -> Mapping[str, Item]:
        return {name: bank[name] for name in wanted}

    bases = {row.item: row.derived for row in read.rows}
    held = {name: content_hash(item) for name, item in bank.items()}
    settled = read.renamed(derived.names(read.items, bases, held, opened))
    bank |= {item.id: item for item in settled.items}
    return [item.id for item in settled.items]


def test_another_question_of_the_same_stem_has_an_id_of_its_own_and_both_are_found_again() -> None:
    bank: dict[str, Item] = {}
    first, second = taken_in(bank, aiken(FIRST)), taken_in(bank, aiken(SECOND))
    assert first != second
    assert second[0].startswith(f"{first[0]}-")
    before = dict(bank)
    assert (taken_in(bank, aiken(SECOND)), taken_in(bank, aiken(FIRST))) == (second, first)
    assert taken_in(bank, aiken(SECOND, FIRST)) == [*second, *first]
    assert bank == before


@pytest.mark.parametrize(
    ("texts", "key"), [(CORRECTED, "A"), (FIRST, "C"), (FIRST[:3], "A"), (FIRST[::-1], "D")], ids=str
)
def test_a_corrected_question_is_the_same_one(texts: tuple[str, ...], key: str) -> None:
    bank: dict[str, Item] = {}
    first, second = taken_in(bank, aiken(FIRST)), taken_in(bank, aiken(SECOND))
    assert taken_in(bank, aiken(texts, key=key)) == first
    assert taken_in(bank, aiken(SECOND, key="B")) == second
    assert len(bank) == 2


def test_what_half_of_the_options_say_makes_no_correction() -> None:
    bank: dict[str, Item] = {}
    taken_in(bank, aiken(FIRST))
    taken_in(bank, aiken((*FIRST[:2], "Cần Thơ có cảng", "Lào Cai có biên giới")))
    assert len(bank) == 2


def test_options_that_only_name_others_say_nothing() -> None:
    both = "Cả A và B đều đúng"
    bank: dict[str, Item] = {}
    taken_in(bank, formats.read(f"{STEM}\nA. Sông\nB. Núi\nC. {both}\nANSWER: C".encode(), "aiken"))
    taken_in(bank, formats.read(f"{STEM}\nA. Luật\nB. Lệnh\nC. {both}\nANSWER: C".encode(), "aiken"))
    assert len(bank) == 2


def test_two_of_one_file_stay_two_and_the_same_question_twice_is_found_twice() -> None:
    bank: dict[str, Item] = {}
    names = taken_in(bank, aiken(FIRST, SECOND, FIRST))
    assert len(set(names)) == 3
    assert sorted(taken_in(bank, aiken(FIRST, FIRST, SECOND))) == sorted(names)
    assert len(bank) == 3


def test_signs_without_words_are_compared_as_they_stand() -> None:
    bank: dict[str, Item] = {}
    names = taken_in(bank, aiken(("<", ">", "=", "≠")))
    assert taken_in(bank, aiken(("<", ">", "=", "≈"))) == names
    assert taken_in(bank, aiken(("+", "-", "×", "÷"))) != names


def test_where_nothing_is_offered_the_stem_is_the_question() -> None:
    bank: dict[str, Item] = {}
    for answer in ("=1945", "=1946", "TRUE", "=1975 =1976"):
        taken_in(bank, formats.read(f"Cách mạng tháng Tám năm nào? {{{answer}}}\n".encode(), "gift"))
    assert len(bank) == 1


def test_an_id_that_another_question_of_the_file_names_is_taken() -> None:
    bank: dict[str, Item] = {}
    (name,) = taken_in(bank, aiken(FIRST))
    text = f"// [id:{name}]\nKhác? {{T}}\n\n{STEM} {{=Hà Nội ~Huế}}\n"
    read = formats.read(text.encode(), "gift")
    bases = {row.item: row.derived for row in read.rows if row.derived}
    found = derived.names(read.items, bases, {}, lambda _wanted: {})
    assert name not in found.values()
