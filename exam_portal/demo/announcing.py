# SPDX-License-Identifier: Apache-2.0
"""A competition of the demonstration comes into being and is announced."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from exam_portal.competitions import rulesets, service
from exam_portal.competitions.models import Competition, CriterionKind, Vacancy
from exam_portal.demo import cast, material
from exam_portal.demo.material import Post
from exam_portal.demo.stage import Stage
from scoring.ruleset import RuleSet

KINDS: Mapping[str, tuple[CriterionKind, str]] = {
    "first_appointment": (CriterionKind.FIRST_APPOINTMENT, ""),
    "degree_level": (CriterionKind.DEGREE, "level"),
    "political_theory_level": (CriterionKind.POLITICAL_THEORY, "level"),
    "min_years_service": (CriterionKind.MIN_YEARS_SERVICE, "years"),
    "in_planning_or_nominated": (CriterionKind.IN_PLANNING_OR_NOMINATED, ""),
    "years_left_before_retirement": (CriterionKind.YEARS_LEFT, "years"),
    "managing_body_consent": (CriterionKind.MANAGING_BODY_CONSENT, ""),
    "no_current_discipline": (CriterionKind.NO_DISCIPLINE, ""),
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a competition of the demonstration is."""

    code: str
    title: str
    title_en: str
    rules: str
    posts: Sequence[str]
    opens_at: datetime
    closes_at: datetime
    organisation: str = cast.PROVINCE
    modes: Mapping[str, str] = dataclasses.field(default_factory=dict)


def draft(stage: Stage, plan: Plan) -> Competition:
    """The organiser has drafted the competition; its people hold their roles."""
    session, organiser = stage.session, stage.actor("tochuc")
    made_at = plan.opens_at - timedelta(days=9)
    competition = service.create_competition(
        session,
        organiser,
        made_at,
        organisation_id=stage.organisations[plan.organisation].id,
        ruleset=_rules(stage, plan.rules),
        code=plan.code,
        title=plan.title,
        title_en=plan.title_en,
        description=DESCRIPTION,
        apply_opens_at=plan.opens_at,
        apply_closes_at=plan.closes_at,
    )
    cast.appoint(stage, competition, made_at)
    for part, mode in plan.modes.items():
        service.set_mode(session, organiser, made_at, competition, part=part, mode=mode)
    for key in plan.posts:
        _offer(stage, competition, material.posts()[key], made_at + timedelta(hours=1))
    return competition


def announce(stage: Stage, plan: Plan) -> Competition:
    """The competition is public: drafted by the organiser, approved by the chair, announced."""
    competition = draft(stage, plan)
    organiser, chair = stage.actor("tochuc"), stage.actor("chutich")
    asked = plan.opens_at - timedelta(days=4)
    service.submit_for_approval(stage.session, organiser, asked, competition)
    service.approve(stage.session, chair, asked + timedelta(hours=26), competition)
    number = f"{14 + competition.id}/TB-HĐTT"
    announced = plan.opens_at - timedelta(hours=1)
    service.announce(stage.session, organiser, announced, competition, number=number)
    return competition


def _offer(stage: Stage, competition: Competition, post: Post, now: datetime) -> Vacancy:
    organiser = stage.actor("tochuc")
    vacancy = service.add_vacancy(
        stage.session,
        organiser,
        now,
        competition,
        code=post.key.upper(),
        title=post.title["vi"],
        title_en=post.title["en"],
        unit=material.unit_of(post),
        level=post.level,
        places=post.places,
    )
    for asked in post.criteria:
        kind, key = KINDS[asked["rule"]]
        params: dict[str, Any] = {key: asked["value"]} if key else {}
        service.add_criterion(
            stage.session,
            organiser,
            now,
            vacancy,
            kind=kind,
            params=params,
            text=asked["text"]["vi"],
            text_en=asked["text"]["en"],
        )
    return vacancy


def _rules(stage: Stage, name: str) -> RuleSet:
    directory = stage.database.settings.instance.rulesets
    return next(found for found in rulesets.available(directory) if found.id == name)


DESCRIPTION = (
    "Người dự tuyển nộp hồ sơ trực tuyến trên cổng này hoặc trực tiếp tại bộ phận một cửa. "
    "Thời gian, địa điểm từng phần thi được ghi trong giấy triệu tập. "
    "Mọi thắc mắc gửi về thường trực Hội đồng thi tuyển tại Sở Nội vụ."
)
