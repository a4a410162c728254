# SPDX-License-Identifier: Apache-2.0
"""The application form: what is asked, what is required, what each criterion reads from it.

Fields follow the registration form of Nghị định 170/2025 (Mẫu 01) and the usual additions for leadership
posts; height, weight, religion and family are not asked (collect only what the selection needs).
"""

import dataclasses
import enum
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from exam_portal.registration import work_history
from exam_portal.registration.work_history import Period


class Degree(enum.StrEnum):
    """Professional education, in rising order."""

    COLLEGE = "college"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"


class PoliticalTheory(enum.StrEnum):
    """Political theory, in rising order (sơ cấp, trung cấp, cao cấp, cử nhân)."""

    ELEMENTARY = "elementary"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    BACHELOR = "political_bachelor"  # a value of its own: equal values are one key among the labels


class StateManagement(enum.StrEnum):
    """State-management certificate, in rising order (chuyên viên, chuyên viên chính, chuyên viên cao cấp)."""

    SPECIALIST = "specialist"
    PRINCIPAL = "principal"
    SENIOR = "senior"


class Gender(enum.StrEnum):
    """As on the identity card."""

    FEMALE = "female"
    MALE = "male"


class AttachmentKind(enum.StrEnum):
    """Documents of a dossier."""

    APPLICATION = "application"  # đơn đăng ký
    CURRICULUM = "curriculum"  # sơ yếu lý lịch 2C
    DEGREE = "degree"  # bản sao văn bằng
    POLITICAL_THEORY = "political_theory"
    HEALTH = "health"
    CONSENT = "consent"  # văn bản đồng ý của cơ quan quản lý
    PLANNING = "planning"  # quyết định quy hoạch
    APPRAISAL = "appraisal"  # nhận xét, đánh giá
    PREFERENCE = "preference"  # giấy tờ chứng minh đối tượng ưu tiên
    PROPOSAL = "proposal"  # đề án, chương trình hành động
    OTHER = "other"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """A filled (or half filled) application form; empty strings and None stand for "not given"."""

    birth_date: date | None = None
    gender: Gender | None = None
    identity_number: str = ""
    phone: str = ""
    address: str = ""
    present_post: str = ""
    present_unit: str = ""
    service_since: date | None = None
    history: tuple[Period, ...] = ()
    line_manager: str = ""  # only where the rule set keeps a line manager off the boards
    degree: Degree | None = None
    degree_field: str = ""
    political_theory: PoliticalTheory | None = None
    state_management: StateManagement | None = None
    in_planning: bool | None = None
    nominated_by: str = ""
    first_appointment: bool | None = None
    under_discipline: bool | None = None
    managing_body_consent: bool | None = None
    programme_title: str = ""
    preference_category: str = ""  # đối tượng ưu tiên, as claimed; only where the rule set gives points
    preference_points: str = ""  # decimal, as claimed
    declared: bool = False  # the applicant's declaration (cam đoan)

    def missing(self) -> tuple[str, ...]:
        """Return the names of required fields that are empty, in the order of the form."""
        return tuple(name for name in REQUIRED if getattr(self, name) in (None, "", False))

    def dump(self) -> bytes:
        """Return the form as JSON bytes, to be sealed."""
        plain = dataclasses.asdict(self)
        return json.dumps(plain, ensure_ascii=False, default=lambda d: d.isoformat()).encode()


REQUIRED = (
    "birth_date",
    "gender",
    "identity_number",
    "present_post",
    "present_unit",
    "service_since",
    "degree",
    "degree_field",
    "declared",
)
_DAYS = ("birth_date", "service_since")
_CHOSEN: Mapping[str, type[enum.StrEnum]] = {
    "gender": Gender,
    "degree": Degree,
    "political_theory": PoliticalTheory,
    "state_management": StateManagement,
}


def load(stored: bytes) -> FormContent:
    """Return the form from its JSON bytes."""
    return from_mapping(json.loads(stored))


def from_mapping(values: Mapping[str, Any]) -> FormContent:
    """Return the form from plain values; unknown names raise TypeError."""
    converted = dict(values)
    for name, kind in _CHOSEN.items():
        if name in converted:
            converted[name] = kind(converted[name]) if converted[name] else None
    for name in _DAYS:
        if isinstance(day := converted.get(name), str):
            converted[name] = date.fromisoformat(day) if day else None
    converted["history"] = work_history.periods(converted.get("history", ()))
    return FormContent(**converted)
