# SPDX-License-Identifier: Apache-2.0
"""Vacancies and their criteria, as long as the competition is a draft."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from exam_portal.competitions import criteria
from exam_portal.competitions.errors import BadParameter
from exam_portal.competitions.models import Competition, Criterion, CriterionKind, Vacancy
from exam_portal.competitions.service import locking
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session


def add_vacancy(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    code: str,
    title: str,
    unit: str,
    level: str,
    title_en: str = "",
    places: int = 1,
    description: str = "",
) -> Vacancy:
    """The draft offers one post more."""
    locking.require_draft(session, competition)
    vacancy = Vacancy(
        competition_id=competition.id,
        code=code,
        title=title,
        title_en=title_en or title,
        unit=unit,
        level=level,
        places=places,
        description=description,
    )
    locking.add_unique(session, vacancy)
    session.refresh(competition, ["vacancies"])
    _record(session, actor, now, vacancy, "vacancy_added", _facts(vacancy))
    return vacancy


def edit_vacancy(session: Session, actor: Actor, now: datetime, vacancy: Vacancy, **changes: Any) -> None:
    """The post in the draft says what was changed."""
    locking.require_draft(session, vacancy.competition)
    unknown = set(changes) - {"code", "title", "title_en", "unit", "level", "places", "description"}
    if unknown:
        raise TypeError(f"not a field of a vacancy: {', '.join(sorted(unknown))}")
    for name, value in changes.items():
        setattr(vacancy, name, value)
    locking.flush_unique(session)
    _record(session, actor, now, vacancy, "vacancy_edited", _facts(vacancy))


def remove_vacancy(session: Session, actor: Actor, now: datetime, vacancy: Vacancy) -> None:
    """The draft no longer offers the post; its criteria are gone with it."""
    competition = vacancy.competition
    locking.require_draft(session, competition)
    content = {"vacancy": vacancy.public_id, "code": vacancy.code}
    for criterion in list(vacancy.criteria):
        session.delete(criterion)
    session.flush()
    session.delete(vacancy)
    session.flush()
    session.refresh(competition, ["vacancies"])
    locking.record(session, actor, now, competition, "vacancy_removed", content, subject=content["vacancy"])


def add_criterion(
    session: Session,
    actor: Actor,
    now: datetime,
    vacancy: Vacancy,
    *,
    kind: CriterionKind,
    params: Mapping[str, Any] | None = None,
    text: str = "",
    text_en: str = "",
) -> Criterion:
    """The post asks one thing more; words that were not given are the usual ones of the kind."""
    locking.require_draft(session, vacancy.competition)
    facts = _worded(kind, params or {}, text, text_en)
    last = session.scalar(select(func.max(Criterion.position)).where(Criterion.vacancy_id == vacancy.id))
    criterion = Criterion(vacancy_id=vacancy.id, position=(last or 0) + 1, **facts)
    session.add(criterion)
    session.flush()
    session.refresh(vacancy, ["criteria"])
    _record(session, actor, now, vacancy, "criterion_added", _criterion_facts(criterion))
    return criterion


def edit_criterion(
    session: Session,
    actor: Actor,
    now: datetime,
    criterion: Criterion,
    *,
    kind: CriterionKind,
    params: Mapping[str, Any] | None = None,
    text: str = "",
    text_en: str = "",
) -> None:
    """The criterion asks what was written."""
    locking.require_draft(session, criterion.vacancy.competition)
    for name, value in _worded(kind, params or {}, text, text_en).items():
        setattr(criterion, name, value)
    session.flush()
    _record(session, actor, now, criterion.vacancy, "criterion_edited", _criterion_facts(criterion))


def remove_criterion(session: Session, actor: Actor, now: datetime, criterion: Criterion) -> None:
    """The post no longer asks this."""
    vacancy = criterion.vacancy
    locking.require_draft(session, vacancy.competition)
    content = _criterion_facts(criterion)
    session.delete(criterion)
    session.flush()
    session.refresh(vacancy, ["criteria"])
    _record(session, actor, now, vacancy, "criterion_removed", content)


def _worded(kind: CriterionKind, params: Mapping[str, Any], text: str, text_en: str) -> dict[str, Any]:
    checked = criteria.checked(kind, params)
    usual = criteria.wording(kind, checked)
    words = text or (usual.vi if usual else "")
    if not words:
        raise BadParameter("text")
    return {
        "kind": kind.value,
        "params": checked,
        "text": words,
        "text_en": text_en or (usual.en if usual and not text else "") or words,
    }


def _facts(vacancy: Vacancy) -> dict[str, Any]:
    return {
        "vacancy": vacancy.public_id,
        "code": vacancy.code,
        "level": vacancy.level,
        "places": vacancy.places,
    }


def _criterion_facts(criterion: Criterion) -> dict[str, Any]:
    return {
        "criterion": criterion.public_id,
        "position": criterion.position,
        "kind": criterion.kind,
        "params": criterion.params,
    }


def _record(
    session: Session, actor: Actor, now: datetime, vacancy: Vacancy, act: str, content: dict[str, Any]
) -> None:
    locking.record(session, actor, now, vacancy.competition, act, content, subject=vacancy.public_id)
