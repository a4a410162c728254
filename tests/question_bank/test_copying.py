# SPDX-License-Identifier: Apache-2.0
"""Passages that two texts have in common are found with their places, and what is everybody's is not told."""

import random
import unicodedata

from question_bank.copying import LEAST, MOST_COMMON, shared
from question_bank.copying_worker import compared

SYLLABLES = (
    *("đầu", "tư", "công", "phải", "có", "trọng", "tâm", "địa", "bàn", "nguồn", "vốn", "kế", "hoạch", "giám"),
    *("sát", "cán", "bộ", "quản", "lý", "tài", "chính", "ngân", "sách", "đơn", "vị", "sự", "nghiệp", "nghị"),
    *("quyết", "hội", "đồng", "nhân", "dân", "thẩm", "định", "dự", "toán", "minh", "bạch", "trách", "nhiệm"),
)


def words(seed: int, count: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(SYLLABLES) for _ in range(count))


COPIED = words(1, 40)


def test_a_copied_passage_is_found_with_its_place_in_both_texts() -> None:
    texts = {
        "A": f"{words(2, 60)}. {COPIED}. {words(3, 60)}",
        "B": f"{words(4, 30)}. {COPIED}. {words(5, 90)}",
        "C": words(6, 150),
    }
    (pair,) = shared(texts)
    assert (pair.one, pair.other) == ("A", "B")
    (passage,) = pair.passages
    assert COPIED in texts["A"][slice(*passage.one)]
    assert COPIED in texts["B"][slice(*passage.other)]
    assert 40 <= passage.words <= 44


def test_neither_capitals_nor_lost_marks_nor_composition_hide_a_copy() -> None:
    bare = "".join(
        char
        for char in unicodedata.normalize("NFD", COPIED.replace("đ", "d"))
        if not unicodedata.combining(char)
    )
    for changed in (COPIED.upper(), bare, unicodedata.normalize("NFD", COPIED), COPIED.replace(" ", ",\n")):
        (pair,) = shared({"A": f"{words(2, 30)} {COPIED}", "B": f"{changed} {words(3, 30)}"})
        assert pair.words >= 40
        assert pair.passages[0].other[0] == 0


def test_two_passages_parted_by_a_changed_word_are_one() -> None:
    changed = COPIED.split()
    changed[20] = "khác"
    (pair,) = shared({"A": COPIED, "B": " ".join(changed)})
    assert len(pair.passages) == 1
    assert pair.words == 40


def test_a_passage_shorter_than_the_least_is_not_told() -> None:
    short = " ".join(COPIED.split()[: LEAST - 4])
    assert shared({"A": f"một {short} hai", "B": f"ba {short} bốn"}) == []


def test_what_more_texts_share_than_copy_from_each_other_is_common_knowledge() -> None:
    few = {f"S{number:02}": f"{words(10 + number, 40)} {COPIED}" for number in range(MOST_COMMON)}
    assert len(shared(few)) == MOST_COMMON * (MOST_COMMON - 1) // 2
    many = {**few, "S99": f"{words(99, 40)} {COPIED}"}
    assert shared(many) == []


def test_a_word_alike_by_chance_beside_common_knowledge_makes_no_copy_of_it() -> None:
    many = {f"S{number:02}": f"{words(10 + number, 40)} x{number} {COPIED}" for number in range(MOST_COMMON)}
    beside = {name: f"{words(seed, 40)} giống {COPIED}" for name, seed in (("T1", 91), ("T2", 92))}
    assert shared({**many, **beside}) == []


def test_a_copy_is_found_beside_common_knowledge() -> None:
    many = {f"S{number:02}": f"{words(10 + number, 40)} x{number} {COPIED}" for number in range(MOST_COMMON)}
    own = words(93, LEAST)
    (pair,) = shared({**many, "T1": f"{own} {COPIED}", "T2": f"{words(94, 20)} {own} {COPIED}"})
    assert (pair.one, pair.other, pair.words) == ("T1", "T2", LEAST)


def test_a_copy_that_quotes_common_knowledge_between_its_own_words_is_found_whole() -> None:
    law = [words(200 + number, 10) for number in range(12)]
    own = [words(300 + number, 12) for number in range(12)]
    quoting = {f"Q{number:02}": " . ".join([f"x{number}", *law]) for number in range(MOST_COMMON + 1)}
    copied = " ".join(f"{mine} {quoted}" for mine, quoted in zip(own, law, strict=True))
    (pair,) = shared({**quoting, "A": copied, "B": copied})
    assert (pair.one, pair.other, len(pair.passages)) == ("A", "B", 1)
    assert pair.passages[0].one == (0, len(copied))
    assert pair.words == 12 * 12


def test_what_stands_in_the_question_is_nobodys() -> None:
    texts = {"A": f"{words(2, 30)} {COPIED}", "B": f"{words(3, 30)} {COPIED}"}
    assert shared(texts, known=[f"Hãy phân tích: {COPIED}"]) == []


def test_texts_without_words_share_nothing() -> None:
    assert shared({"A": "", "B": "…!", "C": "một"}) == []


def test_the_worker_names_the_guide_by_an_empty_name_and_repeats_no_text() -> None:
    item = {"item": "E-1", "texts": {"A": f"{words(2, 30)} {COPIED}", "B": words(3, 60)}, "known": []}
    found = compared({"items": [{**item, "guide": COPIED}], "most": 5})
    (pair,) = found["pairs"]
    assert (pair["one"], pair["other"], found["found"], found["texts"]) == ("", "A", 1, 2)
    assert "đầu" not in str(found)
