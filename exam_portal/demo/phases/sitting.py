# SPDX-License-Identifier: Apache-2.0
"""A test on computers that can be started now: paper drawn, sealed and opened by two, everybody seated."""

from datetime import timedelta

from sqlalchemy import select

from exam_portal.competitions.models import Competition
from exam_portal.demo import announcing, cast, examining, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage
from exam_portal.items.models import ItemBank
from exam_portal.papers import preparing, schedule
from exam_portal.papers import service as papers
from exam_portal.papers.asked import Asked
from exam_portal.papers.models import Paper
from exam_portal.sittings import queries, service
from exam_portal.sittings.models import Sitting

CODE = "TT-04"
TEST = "test"
QUESTIONS = 20


def play(stage: Stage) -> None:
    """Six candidates for two posts; the test is planned for this hour, the written part for tomorrow."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển lãnh đạo cấp phòng Sở Giáo dục và Đào tạo, Sở Khoa học và Công nghệ",
        title_en="Selection of division heads: Education and Training, Science and Technology",
        rules="leadership-test-panel",
        posts=("cvp-gddt", "ptp-chuyen-doi-so"),
        opens_at=stage.at(-64, 8),
        closes_at=stage.at(-34, 17),
    )
    competition = announcing.announce(stage, plan)
    education, digital = competition.vacancies
    registering.apply(stage, competition, education, (21, 22, 23), stage.at(-60, 8, 30))
    registering.apply(stage, competition, digital, (24, 25, 26), stage.at(-55, 9, 15))
    registering.to_the_list(stage, competition)
    planned = stage.at(-14, 10)
    sitting = examining.seat(stage, competition, TEST, stage.now - timedelta(minutes=10), planned)
    tomorrow = stage.at(1, 8)
    examining.seat(stage, competition, examining.WRITTEN, tomorrow, planned)
    examining.in_envelopes(stage, competition, stage.at(0, 6))
    service.summon(stage.session, stage.actor("thuky"), planned + timedelta(hours=2), competition=competition)
    _open_paper(stage, competition, sitting)


def _open_paper(stage: Stage, competition: Competition, sitting: Sitting) -> None:
    session, drawn_at = stage.session, stage.now - timedelta(hours=4)
    paper = _draw(stage, competition, sitting)
    seen = papers.commitments(paper)
    ready_from = schedule.ready_from(competition, sitting.starts_at)
    for officer in ("rade1", "chutich"):
        at = drawn_at + timedelta(minutes=30)
        papers.seal(session, stage.actor(officer), at, paper=paper, seen=seen, ready_from=ready_from)
    service.prepare(session, stage.actor("thuky"), drawn_at + timedelta(hours=1), sitting=sitting)
    for officer in ("rade2", "chutich"):
        at = stage.now - timedelta(minutes=8)
        papers.release_key(session, stage.actor(officer), at, paper=paper, opens_at=sitting.starts_at)
    room = queries.rooms(session, competition.id)[0]
    service.check_in_room(
        session, stage.actor("coithi1"), stage.now - timedelta(minutes=5), sitting=sitting, room=room
    )


def _draw(stage: Stage, competition: Competition, sitting: Sitting) -> Paper:
    session, drawn_at = stage.session, stage.now - timedelta(hours=4)
    province = stage.organisations[cast.PROVINCE].id
    bank = session.scalars(select(ItemBank).where(ItemBank.organisation_id == province)).one()
    asked = Asked(
        counts={},
        total=QUESTIONS,
        forms=2,
        may_share=True,
        minutes=sitting.duration_seconds // 60,
        title="Trắc nghiệm kiến thức chung",
    )
    pool = preparing.pool(session, bank, stage.day(0), written=False)
    (kept,) = preparing.keep(
        session,
        stage.actor("rade1"),
        drawn_at,
        competition=competition,
        part=TEST,
        bank=bank,
        asked=asked,
        draws=preparing.draw(session, pool, asked, kind="official"),
        ready_from=schedule.ready_from(competition, sitting.starts_at),
    )
    return kept
