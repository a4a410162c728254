# SPDX-License-Identifier: Apache-2.0
"""Items that are nearly the same are found, and those that only look so are not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank import likeness, likeness_worker
from question_bank.likeness import Prints
from tests.question_bank.builders import raw_item, read_raw

STEM = "Theo Luật Cán bộ, công chức năm 2025, thời hạn giải quyết khiếu nại lần đầu không quá bao nhiêu ngày?"
TEXTS = ("10 ngày làm việc", "30 ngày, kể từ ngày thụ lý", "45 ngày", "Cả A, B và C đều sai")


def _prints(stem: str = STEM, texts: tuple[str, ...] = TEXTS, **fields: Any) -> Prints:
    options = [
        {"id": "abcd"[place], "text": words, "fraction": "0" if place else "1"}
        for place, words in enumerate(texts)
    ]
    return likeness.prints_of(read_raw(raw_item(stem=stem, options=options, **fields)).items[0])


@pytest.mark.parametrize(
    ("changed", "percent"),
    [
        (_prints(), 100),
        (_prints(texts=(*TEXTS[2::-1], "Tất cả các phương án trên")), 100),
        (_prints(topics=["Khác"], feedback="Vì điều 28", level="apply"), 100),
        (
            _prints(STEM.lower().replace(",", "").replace("?", " :")),
            100,
        ),
        (_prints(STEM.replace("ễ", "e").replace("ầ", "a").replace("ế", "e")), 90),
    ],
    ids=["itself", "options in another order", "other facts", "case and signs", "marks lost"],
)
def test_what_does_not_change_the_question_leaves_it_alike(changed: Prints, percent: int) -> None:
    assert likeness.percent(_prints(), changed) >= percent


def test_a_number_and_the_order_of_words_matter_more_than_a_word() -> None:
    word = likeness.percent(_prints(), _prints(STEM.replace("giải quyết", "xử lý")))
    number = likeness.percent(_prints(), _prints(STEM.replace("2025", "2008")))
    assert 100 > word > number
    moved = " ".join(reversed(STEM.split()))
    assert likeness.percent(_prints(), _prints(moved)) < likeness.LEAST
    marks = likeness.percent(
        _prints("Ai bảo vệ bí mật?", ("x", "y")), _prints("Ai báo vệ bi mật?", ("x", "y"))
    )
    assert marks == 90


def test_two_questions_that_share_a_common_phrase_only_are_not_alike() -> None:
    one = _prints("Phát biểu nào sau đây là đúng?", ("Quốc hội bầu Chủ tịch nước", "Chính phủ do dân bầu"))
    other = _prints(
        "Phát biểu nào sau đây là đúng?", ("Tòa án xét xử độc lập", "Viện kiểm sát xét xử tội phạm")
    )
    assert likeness.percent(one, other) < likeness.LEAST


WORDS = st.lists(
    st.sampled_from(["mot", "hai", "ba", "bon", "nam", "10", "15", "sáu"]), min_size=1, max_size=9
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=2, max_size=12), st.sampled_from([60, 75, 90]))
def test_a_bank_finds_exactly_what_comparing_each_with_each_finds(texts: list[str], least: int) -> None:
    items = {f"Q{place:02}": likeness.prints_of_texts([words]) for place, words in enumerate(texts)}
    every = {
        (one, other, found)
        for one in items
        for other in items
        if one < other
        and (found := likeness.percent(items[one], items[other])) >= least
        and 100 * len(items[one].bare & items[other].bare) >= least * len(items[one].bare | items[other].bare)
    }
    bank = likeness.Bank(items, least=least)
    assert {(pair.one, pair.other, pair.percent) for pair in bank.pairs()} >= every
    for name, prints in items.items():
        assert name in {each.name for each in bank.like(prints, most=99)}


def test_copies_within_a_file_hide_no_item_of_the_bank() -> None:
    def native(stem: str) -> dict[str, Any]:
        options = [{"id": "abcd"[place], "text": words} for place, words in enumerate(TEXTS)]
        return raw_item(stem=stem, options=options)

    file = {f"F{number}": native(STEM) for number in range(6)}
    bank = {"OLD": native(STEM.replace("năm 2025", "năm 2008"))}
    found = likeness_worker.compared({"bank": bank, "file": file, "most": 100})["pairs"]
    assert {row[0] for row in found if row[3] == likeness_worker.BANK} == set(file)
    assert max(sum(row[0] == name for row in found) for name in file) <= 2 * likeness_worker.MOST_OF_ONE
