# SPDX-License-Identifier: Apache-2.0
"""Options that name others by letter or place are found, and shuffling waits for a reviewer."""

import pytest

from question_bank import placing
from question_bank.item import Item, native
from question_bank.kinds.choice import Choice
from question_bank.kinds.options import is_positional
from tests.question_bank.builders import options, raw_item, read_raw

POSITIONAL = [
    "Chỉ có A và C đúng",
    "AB đúng",
    "ABC đều đúng",
    "Cả ABC",
    "Hai phương án đầu",
    "Cả hai phương án đầu tiên",
    "Câu cuối cùng sai",
    "Trường hợp A và B",
    "Nội dung A và B",
    "Cả ba trường hợp a, b, c",
    "Cả A, B và C",
    "Cả A và B",
    "A và C",
    "A, B đều đúng",
    "A, B, C đều sai",
    "Cả A & B",
    "Phương án A và B",
    "Đáp án B",
    "Cả hai ý trên",
    "Cả 3 ý trên đều đúng",
    "Cả ba đáp án trên",
    "Cả 03 phương án trên",
    "Cả hai",
    "Cả hai đều sai",
    "Tất cả các đáp án trên",
    "Tất cả các phương án trên đều đúng",
    "Tất cả đều đúng",
    "Tất cả các ý trên",
    "Tất cả phương án",
    "Các ý trên",
    "Các đáp án trên đều sai",
    "Không có đáp án nào ở trên",
    "Không phương án nào nêu trên",
    "Chỉ A đúng",
    "A đúng, B sai",
    "Ý 1 và 2",
    "Câu a và câu b",
    "a) và b)",
    "Tất cả các trường hợp nêu trên.",
    "TẤT CẢ CÁC Ý TRÊN",
    "Hai ý trên đều đúng",
    "Ba đáp án trên đều đúng",
    "Ba phương án trên",
    "02 phương án trên",
    "Hai câu trên đúng",
    "Hai ý đều đúng",
    "Cả A lẫn B",
    "Cả A-B-C",
    "A và B đều đúng, C sai",
    "Cả A và B đúng, C sai",
    "Cả A, B đều chưa đúng",
    "A và B chưa chính xác",
    "Ý thứ nhất và thứ hai",
    "Chỉ ý thứ hai đúng",
    "Both A and B",
    "All of the above",
    "None of the above",
    "A and B are correct",
]
ORDINARY = [
    "Áp dụng với cả công dân Việt Nam và người nước ngoài",
    "Mọi cá nhân đều có năng lực như nhau",
    "Tất cả các loại hình công ty",
    "Cả nước",
    "Không báo cáo cấp trên",
    "Báo cáo cả cấp dưới và cấp trên",
    "Công ty A",
    "Không có phương án đúng",
    "Ủy ban nhân dân",
    "Từ 18 tuổi trở lên",
    "1 và 2",
    "Vitamin A và vitamin D",
    "Thà hi sinh tất cả, chứ nhất định không chịu mất nước",
    "Những người có thẩm quyền",
    "Ba ngày",
    "Hai năm",
    "Ba phương án",
    "Hai trường hợp trên địa bàn tỉnh",
    "Câu hỏi thứ nhất",
    "Tháng thứ hai và tháng thứ ba",
    "Lần thứ nhất và lần thứ hai",
    "Cả năm",
    "Above average",
    "Ba đúng hạn",
    "Cả ba mẹ",
    "Chỉ bác bỏ",
    "Điểm a",
    "Trường hợp cuối cùng của vụ án",
]


@pytest.mark.parametrize("text", POSITIONAL)
def test_a_text_that_names_others_is_found(text: str) -> None:
    assert is_positional(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_text_is_left_alone(text: str) -> None:
    assert not is_positional(text)


def _with_last(text: str) -> list[dict[str, str]]:
    return [*options("1", "0"), {"id": "c", "text": text, "fraction": "0"}]


def test_shuffling_is_off_until_somebody_decides() -> None:
    result = read_raw(raw_item(options=_with_last("Cả hai ý trên"), shuffle=True))
    assert [(problem.code, problem.severity, problem.line) for problem in result.problems] == [
        ("positional_option", "warning", 2)
    ]
    assert result.complete
    assert not result.items[0].shuffle


def test_a_decided_item_keeps_what_was_decided_and_is_not_warned_about_again() -> None:
    item = raw_item(options=_with_last("Cả hai ý trên"), shuffle=True, positional_checked=True)
    result = read_raw(item)
    assert result.problems == ()
    assert result.items[0].shuffle


def test_options_inside_gaps_and_case_studies_are_looked_at_too() -> None:
    gap = {"id": "g1", "kind": "single_choice", "options": _with_last("Tất cả đều đúng")}
    part = raw_item(options=_with_last("Tất cả đều đúng"))
    result = read_raw(raw_item("gap_fill", stem="[[g1]]", gaps=[gap]), raw_item("case_study", items=[part]))
    assert [problem.code for problem in result.problems] == ["positional_option"] * 2


@pytest.mark.parametrize(
    "text", ["cả ý " * 20_000, "a, b và c - " * 8 + "x", "ý thứ hai và thứ ba, " * 4 + "x"]
)
def test_a_long_text_costs_no_time(text: str) -> None:
    assert not is_positional(text)


def fixed_ids(item: Item) -> str:
    """The ids of the options that keep their places."""
    assert isinstance(item.body, Choice)
    return "".join(option.id for option in item.body.options if option.fixed)


BESIDE = {
    "Cả A, B và C": "d", "Tất cả các đáp án trên": "d", "Cả ba ý trên": "d", "A và B đúng": "abd",
    "Chỉ A đúng": "ad",
    "Ý 1 và 2": "abd", "Cả hai ý trên": "abcd", "Ý thứ hai và thứ ba": "abcd",
}  # fmt: skip


@pytest.mark.parametrize("text", BESIDE)
def test_what_an_option_relies_on_is_fixed_with_it_and_nothing_else(text: str) -> None:
    raw = [*options("1", "0", "0"), {"id": "d", "text": text, "fraction": "0"}]
    (waiting,) = read_raw(raw_item(options=raw)).items
    (shuffled,) = read_raw(raw_item(options=raw, positional_checked=True)).items
    made = placing.fixed(waiting)
    assert fixed_ids(made) == BESIDE[text]
    assert [placing.standing(item) for item in (waiting, shuffled, made, placing.unshuffled(shuffled))] == [
        "undecided", "open", "settled", "settled"
    ]  # fmt: skip
    assert read_raw({**native(made)}).items == (made,)


def test_an_option_in_the_middle_that_speaks_of_those_above_keeps_all_in_place() -> None:
    raw = [*options("1", "0"), {"id": "x", "text": "Các ý trên", "fraction": "0"}, options("0", "0", "0")[2]]
    (item,) = read_raw(raw_item(options=raw, positional_checked=True)).items
    assert placing.standing(item) == "open"
    assert fixed_ids(placing.fixed(item)) == "abxc"


def test_the_questions_of_a_case_are_looked_at_one_by_one() -> None:
    raw = [*options("1", "0", "0"), {"id": "d", "text": "Cả A, B và C", "fraction": "0"}]
    part = {"id": "C1", "kind": "single_choice", "stem": "?", "options": raw, "positional_checked": True}
    (item,) = read_raw({"id": "Q", "kind": "case_study", "stimulus": "?", "items": [part]}).items
    assert (placing.standing(item), placing.standing(placing.fixed(item))) == ("open", "settled")
    assert placing.standing(read_raw(raw_item()).items[0]) == ""
