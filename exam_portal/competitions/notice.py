# SPDX-License-Identifier: Apache-2.0
"""What a notice says, as one canonical content: hashed when announced, recomputed by fsck."""

from datetime import UTC, datetime
from typing import Any

from exam_portal.competitions.models import Competition, Criterion, Vacancy
from scoring.verify.canonical import sha256_of

SCHEMA = "exam-portal/notice/1"


def content_of(competition: Competition) -> dict[str, Any]:
    """Return everything that a notice promises: rules, posts, criteria, dates."""
    return {
        "_": SCHEMA,
        "competition": competition.public_id,
        "code": competition.code,
        "title": competition.title,
        "title_en": competition.title_en,
        "description": competition.description,
        "ruleset": competition.ruleset_hash,
        "legal_basis": list(competition.legal_basis),
        "opens_at": _instant(competition.apply_opens_at),
        "closes_at": _instant(competition.apply_closes_at),
        "vacancies": [_vacancy(vacancy) for vacancy in competition.vacancies],
    }


def hash_of(competition: Competition) -> str:
    """Return ``sha256:<hex>`` of the notice."""
    return sha256_of(content_of(competition))


def _vacancy(vacancy: Vacancy) -> dict[str, Any]:
    return {
        "vacancy": vacancy.public_id,
        "code": vacancy.code,
        "title": vacancy.title,
        "title_en": vacancy.title_en,
        "unit": vacancy.unit,
        "level": vacancy.level,
        "places": vacancy.places,
        "description": vacancy.description,
        "criteria": [_criterion(criterion) for criterion in vacancy.criteria],
    }


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "kind": criterion.kind,
        "params": criterion.params,
        "text": criterion.text,
        "text_en": criterion.text_en,
    }


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()
