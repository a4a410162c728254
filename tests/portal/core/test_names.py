# SPDX-License-Identifier: Apache-2.0
"""Two signatures are one person's, however they were typed; two people with like names stay two."""

import unicodedata

import pytest

from exam_portal.core.names import same_signer

CHAIR = "Nguyễn Văn Hòa"


@pytest.mark.parametrize(
    "other",
    [
        CHAIR,
        "nguyễn  văn\thòa",
        "NGUYỄN VĂN HÒA – Chủ tịch Hội đồng",
        "Nguyễn Văn Hoà, Chủ tịch",
        unicodedata.normalize("NFD", "Nguyễn Văn Hòa (Chủ tịch)"),
        "Chủ tịch Hội đồng Nguyễn Văn Hòa",
        "Ông Nguyễn Văn Hòa - Chủ tịch",
        "Lê Minh Đức, Thư ký; Nguyễn Văn Hòa, Chủ tịch",
        "Lê Minh Đức\nNguyễn Văn Hòa",
    ],
)
def test_one_person_signs_in_many_ways(other: str) -> None:
    assert same_signer(CHAIR, other)
    assert same_signer(other, f"{CHAIR}, Giám đốc Sở")


@pytest.mark.parametrize(
    "other",
    [
        "",
        "Nguyễn Văn Hóa, Chủ tịch",
        "Nguyễn Văn Hoài",
        "Phan Thanh Sơn, Chủ tịch Ủy ban nhân dân",
    ],
)
def test_two_people_stay_two(other: str) -> None:
    assert not same_signer(CHAIR, other)
    assert not same_signer(other, f"{CHAIR}, Chủ tịch Ủy ban nhân dân")
