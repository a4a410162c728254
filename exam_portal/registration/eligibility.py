# SPDX-License-Identifier: Apache-2.0
"""What the machine can read from the form about one criterion. It proposes; a person decides and signs."""

import enum
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from exam_portal.competitions.models import CriterionKind
from exam_portal.registration.form_content import (
    AttachmentKind,
    Degree,
    FormContent,
    Gender,
    PoliticalTheory,
    StateManagement,
)


class Reading(enum.StrEnum):
    """The automatic reading of a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


Reader = Callable[[Mapping[str, Any], FormContent, frozenset[str], date], bool | None]

RETIREMENT_YEARS = {
    Gender.MALE: 62,
    Gender.FEMALE: 60,
}  # Bộ luật Lao động 2019, Art. 169 (end of the schedule)


def read(
    kind: str, params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> Reading:
    """Return what the form and the kinds of attached documents say about a criterion on that day.

    ``on`` is a day in Viet Nam; a criterion that names its own day (``at``) is read on that one.
    """
    reader = _READERS.get(CriterionKind(kind))
    day = date.fromisoformat(params["at"]) if "at" in params else on
    answer = reader(params, form, documents, day) if reader else None
    if answer is None:
        return Reading.UNKNOWN
    return Reading.MET if answer else Reading.NOT_MET


def years_between(start: date, end: date) -> int:
    """Return full years from one date to another."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _service(
    params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> bool | None:
    return (
        None if form.service_since is None else years_between(form.service_since, on) >= int(params["years"])
    )


def _max_age(
    params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> bool | None:
    return None if form.birth_date is None else years_between(form.birth_date, on) < int(params["years"])


def _years_left(
    params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> bool | None:
    """Whether so many full years are left: on the birthday itself they are, a day later no more."""
    if form.birth_date is None or form.gender is None:
        return None
    last_birthday = RETIREMENT_YEARS[form.gender] - int(params["years"])
    return years_between(form.birth_date, on - timedelta(days=1)) < last_birthday


def _level(name: str, scale: type[enum.StrEnum]) -> Reader:
    order = list(scale)

    def reader(
        params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
    ) -> bool | None:
        held = getattr(form, name)
        return None if held is None else order.index(held) >= order.index(scale(params["level"]))

    return reader


def _planned(
    params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> bool | None:
    if form.in_planning is None and not form.nominated_by:
        return None
    return bool(form.in_planning or form.nominated_by)


def _first(params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date) -> bool | None:
    return form.first_appointment


def _no_discipline(
    params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> bool | None:
    return None if form.under_discipline is None else not form.under_discipline


def _consent(
    params: Mapping[str, Any], form: FormContent, documents: frozenset[str], on: date
) -> bool | None:
    if form.managing_body_consent is None and AttachmentKind.CONSENT not in documents:
        return None
    return bool(form.managing_body_consent) and AttachmentKind.CONSENT in documents


_READERS: dict[CriterionKind, Reader] = {
    CriterionKind.MIN_YEARS_SERVICE: _service,
    CriterionKind.MAX_AGE: _max_age,
    CriterionKind.YEARS_LEFT: _years_left,
    CriterionKind.DEGREE: _level("degree", Degree),
    CriterionKind.POLITICAL_THEORY: _level("political_theory", PoliticalTheory),
    CriterionKind.STATE_MANAGEMENT: _level("state_management", StateManagement),
    CriterionKind.IN_PLANNING_OR_NOMINATED: _planned,
    CriterionKind.FIRST_APPOINTMENT: _first,
    CriterionKind.NO_DISCIPLINE: _no_discipline,
    CriterionKind.MANAGING_BODY_CONSENT: _consent,
}
