# SPDX-License-Identifier: Apache-2.0
"""What each kind of criterion asks for, and its usual wording: forms, verbs and notices agree through it."""

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from exam_portal.competitions.errors import BadParameter
from exam_portal.competitions.models import CriterionKind as Kind

LEVELS: Mapping[Kind, tuple[str, ...]] = {
    Kind.DEGREE: ("college", "bachelor", "master", "doctor"),
    Kind.POLITICAL_THEORY: ("elementary", "intermediate", "advanced", "political_bachelor"),
    Kind.STATE_MANAGEMENT: ("specialist", "principal", "senior"),
}
YEARS = frozenset({Kind.MIN_YEARS_SERVICE, Kind.MAX_AGE, Kind.YEARS_LEFT})
MOST_YEARS = 70


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A criterion in both languages."""

    vi: str
    en: str


def checked(kind: Kind, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters in their stored form: exactly those of the kind; raise BadParameter otherwise."""
    if kind in YEARS:
        found: dict[str, Any] = {"years": _years(params.get("years"))}
        if kind is Kind.MAX_AGE and params.get("at"):
            found["at"] = _day(params["at"])
        return found
    if kind in LEVELS:
        level = params.get("level")
        if level not in LEVELS[kind]:
            raise BadParameter("level")
        return {"level": level}
    return {}


def wording(kind: Kind, params: Mapping[str, Any]) -> Wording | None:
    """Return the usual words of a criterion; None where only people can word it."""
    words = _WORDS.get(kind)
    if words is None:
        return None
    level = _LEVEL_WORDS.get((kind, str(params.get("level", ""))), Wording(vi="", en=""))
    years, day = params.get("years", ""), _on(params.get("at"))
    return Wording(
        vi=words.vi.format(years=years, level=level.vi) + day.vi,
        en=words.en.format(years=years, level=level.en) + day.en,
    )


def _on(at: str | None) -> Wording:
    """Return the words of the day on which a criterion is looked at."""
    if not at:
        return Wording(vi="", en="")
    day = f"{date.fromisoformat(at):%d/%m/%Y}"
    return Wording(vi=f", tính đến ngày {day}", en=f" on {day}")


def _years(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_YEARS:
        raise BadParameter("years")
    return value


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as problem:
        raise BadParameter("at") from problem


_WORDS: Mapping[Kind, Wording] = {
    Kind.MIN_YEARS_SERVICE: Wording(
        vi="Có ít nhất {years} năm công tác trong ngành, lĩnh vực",
        en="At least {years} years of service in the sector",
    ),
    Kind.MAX_AGE: Wording(vi="Dưới {years} tuổi", en="Under {years} years of age"),
    Kind.YEARS_LEFT: Wording(
        vi="Còn đủ tuổi công tác ít nhất {years} năm trước khi nghỉ hưu",
        en="At least {years} years left before the age of retirement",
    ),
    Kind.DEGREE: Wording(
        vi="Tốt nghiệp {level} trở lên, ngành phù hợp với vị trí", en="{level} or higher in a relevant field"
    ),
    Kind.POLITICAL_THEORY: Wording(
        vi="Có trình độ lý luận chính trị {level} trở lên", en="Political theory: {level} level or higher"
    ),
    Kind.STATE_MANAGEMENT: Wording(
        vi="Có chứng chỉ bồi dưỡng quản lý nhà nước ngạch {level} hoặc tương đương trở lên",
        en="State-management certificate: {level} level or higher",
    ),
    Kind.IN_PLANNING_OR_NOMINATED: Wording(
        vi="Được quy hoạch chức danh dự tuyển hoặc được cơ quan có thẩm quyền giới thiệu",
        en="In the succession plan for the post, or nominated by a competent body",
    ),
    Kind.FIRST_APPOINTMENT: Wording(
        vi="Bổ nhiệm lần đầu vào chức danh dự tuyển", en="First appointment to the post applied for"
    ),
    Kind.NO_DISCIPLINE: Wording(
        vi="Không trong thời hạn xử lý kỷ luật, không đang bị điều tra, truy tố, xét xử",
        en="Not under disciplinary action, investigation or prosecution",
    ),
    Kind.MANAGING_BODY_CONSENT: Wording(
        vi="Được cơ quan quản lý đồng ý bằng văn bản cho dự tuyển",
        en="Written consent of the managing body",
    ),
}

_LEVEL_WORDS: Mapping[tuple[Kind, str], Wording] = {
    (Kind.DEGREE, "college"): Wording(vi="cao đẳng", en="College degree"),
    (Kind.DEGREE, "bachelor"): Wording(vi="đại học", en="University degree"),
    (Kind.DEGREE, "master"): Wording(vi="thạc sĩ", en="Master's degree"),
    (Kind.DEGREE, "doctor"): Wording(vi="tiến sĩ", en="Doctorate"),
    (Kind.POLITICAL_THEORY, "elementary"): Wording(vi="sơ cấp", en="elementary"),
    (Kind.POLITICAL_THEORY, "intermediate"): Wording(vi="trung cấp", en="intermediate"),
    (Kind.POLITICAL_THEORY, "advanced"): Wording(vi="cao cấp", en="advanced"),
    (Kind.POLITICAL_THEORY, "political_bachelor"): Wording(vi="cử nhân", en="bachelor"),
    (Kind.STATE_MANAGEMENT, "specialist"): Wording(vi="chuyên viên", en="specialist"),
    (Kind.STATE_MANAGEMENT, "principal"): Wording(vi="chuyên viên chính", en="principal specialist"),
    (Kind.STATE_MANAGEMENT, "senior"): Wording(vi="chuyên viên cao cấp", en="senior specialist"),
}


def level_words(kind: Kind, level: str) -> Wording:
    """Return the name of a level, for forms."""
    return _LEVEL_WORDS[kind, level]
