# SPDX-License-Identifier: Apache-2.0
"""Two signatures are one person's, however they were typed; two people with like names stay two."""

import unicodedata

import pytest

from exam_portal.core.names import is_one_person, reading, same_signer

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


@pytest.mark.parametrize(
    "other",
    [
        "Ông Nguyễn Văn Hòa",
        "ông  nguyễn văn hoà",
        "ĐỒNG CHÍ NGUYỄN VĂN HÒA",
        "Đ/c Nguyễn Văn Hòa",
        "PGS.TS. Nguyễn Văn Hòa",
        "ThS Nguyễn Văn Hòa, Trưởng ban",
        "PGS, TS Nguyễn Văn Hòa",
        "PGS, TS, Nguyễn Văn Hòa, Trưởng ban",
        "PGS-TS. Nguyễn Văn Hoà",
        "GS – TSKH Nguyễn Văn Hòa",
        "BSCKII Nguyễn Văn Hòa",
        "BS. CK II. Nguyễn Văn Hòa",
        "KTS Nguyễn Văn Hòa",
        "Th.S Nguyễn Văn Hòa",
        "NGƯT, Thầy Nguyễn Văn Hòa",
        "Cô Nguyễn Văn Hòa",
        "Đại tá, TS Nguyễn Văn Hòa",
        "1. Nguyễn Văn Hòa",
        "(2) Ông Nguyễn Văn Hòa",
        "- Nguyễn Văn Hòa",
        "Nguyễn Văn Hòa (Sở Nội vụ)",
        unicodedata.normalize("NFD", "Nguyễn Văn Hòa - Trưởng ban"),
    ],
)
def test_a_form_of_address_a_degree_a_position_or_one_unit_alone_makes_nobody_another(other: str) -> None:
    assert is_one_person(CHAIR, other)
    assert is_one_person(other, f"Bà {CHAIR}")


@pytest.mark.parametrize("other", ["Nguyễn Văn Hoài", "Nguyễn Hòa", "Nguyễn Văn", "Bà Nguyễn Thị Hòa", ""])
def test_another_name_is_another_person(other: str) -> None:
    assert not is_one_person(CHAIR, other)
    assert not is_one_person(other, CHAIR)


@pytest.mark.parametrize("title", ["PGS, TS", "PGS-TS", "GS, TSKH,", "BSCKII,", "Thầy,", "1."])
def test_titles_that_two_people_share_do_not_make_them_one(title: str) -> None:
    one, other = f"{title} {CHAIR}", f"{title} Trần Thị Khác"
    assert not is_one_person(one, other)
    assert not same_signer(one, other)
    assert reading(one) == reading(CHAIR) != reading(other)
    assert same_signer(one, f"Chủ tịch {CHAIR}")


@pytest.mark.parametrize(
    "name", ["Thái Thị Cô", "Cồ Việt Thắng", "Tsan Văn Anh", "Cung Sĩ Tiến", "Cnông Văn Bà"]
)
def test_letters_of_a_title_within_a_name_are_the_name(name: str) -> None:
    assert reading(f"TS {name}") == reading(name)
    assert not is_one_person(name, name.split(" ", 1)[1])


def test_titles_without_a_name_are_nobody() -> None:
    assert not same_signer("PGS, TS", f"PGS, TS {CHAIR}")
    assert not is_one_person("PGS, TS", "PGS")


def test_units_tell_two_of_one_name_apart_only_where_both_bear_one() -> None:
    here, there = f"{CHAIR} (Sở Nội vụ)", f"{CHAIR} (Sở Tài chính)"
    assert not is_one_person(here, there)
    assert is_one_person(here, f"Ông {CHAIR} (SỞ NỘI  VỤ)")
    assert is_one_person(here, CHAIR)


def test_a_name_that_is_only_a_form_of_address_stays_itself() -> None:
    assert is_one_person("Bà", "bà")
    assert not is_one_person("Bà", "Ông")


def test_two_readings_of_a_signature_agree_in_name_and_unit() -> None:
    assert reading(f"Ông {CHAIR}") == reading("nguyễn văn hoà")
    assert reading(f"{CHAIR} (Sở Nội vụ)") != reading(CHAIR)
