# SPDX-License-Identifier: Apache-2.0
"""The synthetic people: staff in every role, and applicants with names as they occur in Viet Nam."""

import dataclasses
import random
from datetime import date

from exam_portal.core.actors import Role

DOMAIN = "dien-tap.invalid"
PASSWORD = "Bốn mùa thay lá 2026"  # noqa: S105 - of people who do not exist, in a competition that does not count
FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
)
MIDDLES = {
    "female": ("Thị", "Thị Thu", "Ngọc", "Thị Hồng", "Phương", "Thị Kim"),
    "male": ("Văn", "Đức", "Hữu", "Minh", "Quang", "Xuân"),
}
GIVEN = {
    "female": (
        "An",
        "Bích",
        "Chi",
        "Diệp",
        "Dung",
        "Hà",
        "Hạnh",
        "Hoa",
        "Hương",
        "Lan",
        "Linh",
        "Mai",
        "Nga",
        "Yến",
    ),
    "male": (
        "Anh",
        "Bình",
        "Cường",
        "Dũng",
        "Đạt",
        "Hải",
        "Hùng",
        "Khoa",
        "Long",
        "Nam",
        "Phúc",
        "Sơn",
        "Thắng",
        "Ý",
    ),
}
POSTS = ("Chuyên viên chính", "Phó Trưởng phòng", "Phó Chánh Văn phòng", "Trưởng phòng")
UNITS = (
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Tư pháp",
    "Sở Xây dựng",
    "Sở Y tế",
    "Ủy ban nhân dân phường Bến Thủy Đông",
)
DEGREES = ("Luật kinh tế", "Quản lý công", "Tài chính – Ngân hàng", "Hành chính học")

STAFF: tuple[tuple[str, Role, int], ...] = (
    ("chu-tich", Role.CHAIR, 1),
    ("thu-ky", Role.SECRETARY, 1),
    ("uy-vien", Role.COUNCIL, 5),
    ("tham-quyen", Role.AUTHORITY, 1),
    ("tham-dinh", Role.VETTING_BOARD, 2),
    ("ra-de", Role.SETTING_BOARD, 3),
    ("coi-thi", Role.INVIGILATOR, 2),
    ("lam-phach", Role.MASKING_BOARD, 1),
    ("cham-thi", Role.MARKER, 6),
    ("phuc-khao", Role.REVIEW_BOARD, 3),
    ("nhap-diem", Role.TYPIST, 2),
    ("giam-sat", Role.OVERSIGHT, 1),
)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who is invited to a duty."""

    key: str
    name: str
    email: str
    role: Role


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Somebody who applies for a post."""

    number: int
    name: str
    email: str
    gender: str
    born: date
    identity_number: str
    post: str
    unit: str
    field: str
    vacancy: int
    has_consent: bool
    withdraws: bool


def staff(seed: int) -> list[StaffMember]:
    """Return the staff of a competition, by role; no two bear one name, which would make them one person."""
    chance = random.Random(f"staff/{seed}")  # noqa: S311 - a reproducible cast
    found: list[StaffMember] = []
    for key, role, count in STAFF:
        for number in range(1, count + 1):
            login = f"{key}-{number}"
            name = _name(chance, chance.choice(("female", "male")))
            while name in {one.name for one in found}:
                name = _name(chance, chance.choice(("female", "male")))
            found.append(StaffMember(key=login, name=name, email=f"{login}.{seed}@{DOMAIN}", role=role))
    return found


def applicants(seed: int, count: int, vacancies: int) -> list[Applicant]:
    """Return the applicants, dealt out over the vacancies.

    Where a post has many, one lacks the consent of the managing body, and one withdraws.
    """
    chance = random.Random(f"applicants/{seed}")  # noqa: S311 - a reproducible cast
    return [_applicant(chance, seed, number, count, vacancies) for number in range(1, count + 1)]


def _applicant(chance: random.Random, seed: int, number: int, count: int, vacancies: int) -> Applicant:
    gender = chance.choice(("female", "male"))
    place, round_ = (number - 1) % vacancies, (number - 1) // vacancies
    is_crowded = count // vacancies >= 6
    return Applicant(
        number=number,
        name=_name(chance, gender),
        email=f"thi-sinh-{number:04d}.{seed}@{DOMAIN}",
        gender=gender,
        born=date(chance.randint(1975, 1990), chance.randint(1, 12), chance.randint(1, 28)),
        identity_number=f"{chance.randint(1, 96):03d}{seed % 1000:03d}{number:06d}",
        post=chance.choice(POSTS),
        unit=chance.choice(UNITS),
        field=chance.choice(DEGREES),
        vacancy=place,
        has_consent=not (is_crowded and round_ == 5),
        withdraws=is_crowded and round_ == 4,
    )


def _name(chance: random.Random, gender: str) -> str:
    return f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES[gender])} {chance.choice(GIVEN[gender])}"
