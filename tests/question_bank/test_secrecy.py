# SPDX-License-Identifier: Apache-2.0
"""A mark of state secrets is told from a question about them."""

import pytest

from question_bank.secrecy import mark_of
from tests.portal.papers.builders import a_choice, read


@pytest.mark.parametrize(
    "marked",
    [
        {"tags": ["Mật"]},
        {"tags": ["đã duyệt", "TUYỆT MẬT"]},
        {"tags": ["top-secret"]},
        {"topics": ["Tối mật"]},
        {"title": "[MẬT]"},
        {"stem": "TỐI MẬT\nCơ quan nào có thẩm quyền?"},
        {"stem": "Độ mật: Mật\nCơ quan nào có thẩm quyền?"},
        {"stem": "**TUYỆT MẬT**\n\nCơ quan nào có thẩm quyền?"},
        {"feedback": "(MẬT)"},
    ],
)
def test_a_mark_is_found_wherever_it_stands(marked: dict[str, object]) -> None:
    (item,) = read([a_choice(1, **marked)])
    assert mark_of(item) is not None


@pytest.mark.parametrize(
    "marked", [{"stimulus": "TỐI MẬT\n\nTình huống như sau."}, {"items": [a_choice(2, stem="MẬT\nHỏi?")]}]
)
def test_a_mark_is_found_inside_a_case_study(marked: dict[str, object]) -> None:
    plain = {"stimulus": "Tình huống như sau.", "items": [a_choice(2)]}
    case = {**a_choice(1), "kind": "case_study", **plain, **marked}
    del case["options"], case["marks"]
    (item,) = read([case])
    assert mark_of(item) is not None


@pytest.mark.parametrize(
    "innocent",
    [
        {},
        {"stem": "Tài liệu MẬT do ai quản lý?"},
        {"stem": "Luật Bảo vệ bí mật nhà nước quy định mấy độ mật?"},
        {"tags": ["bí mật nhà nước", "mạt"], "topics": ["Bảo mật"]},
        {"title": "Mật độ dân cư"},
    ],
)
def test_a_question_about_secrets_is_none(innocent: dict[str, object]) -> None:
    (item,) = read([a_choice(1, **innocent)])
    assert mark_of(item) is None
