# SPDX-License-Identifier: Apache-2.0
"""A panel in progress: lots drawn, the first hearing counted, the ballot of the second one open."""

from datetime import timedelta

from exam_portal.demo import announcing, examining, hearing, marking, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage
from exam_portal.interviews import service

CODE = "TT-06"
WRITTEN_MARKS = {41: ("72", "78"), 42: ("64", "66.5"), 43: ("58", "61")}
BEFORE_NOW = timedelta(hours=3)


def play(stage: Stage) -> None:
    """Three passed the written gate and defend their programmes today, before a panel of seven."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển Giám đốc Sở Khoa học và Công nghệ",
        title_en="Selection of the Director of the Department of Science and Technology",
        rules="leadership-gate",
        posts=("gd-khcn",),
        opens_at=stage.at(-98, 8),
        closes_at=stage.at(-68, 17),
        modes={hearing.PROGRAMME: "portal"},
    )
    competition = announcing.announce(stage, plan)
    vacancy = competition.vacancies[0]
    registering.apply(stage, competition, vacancy, (41, 42, 43), stage.at(-95, 8, 30))
    registering.to_the_list(stage, competition)
    examining.hold(stage, competition, stage.at(-30, 8))
    bags = examining.mask(stage, competition, stage.at(-29, 9))
    written = registering.numbered(stage, competition, WRITTEN_MARKS)
    marking.on_slips(stage, competition, bags, written, stage.at(-27, 9))
    marking.unmask(stage, competition, stage.at(-20, 9))
    panel = hearing.seat(stage, competition, vacancy, stage.now - BEFORE_NOW, mode="portal")
    first, second, _ = panel.hearings
    hearing.begin(stage, first, stage.now - BEFORE_NOW)
    hearing.vote(stage, first, hearing.MEMBERS, 84, stage.now - timedelta(hours=2))
    service.count_ballots(
        stage.session, stage.actor("thuky"), stage.now - timedelta(hours=1, minutes=50), hearing=first
    )
    hearing.begin(stage, second, stage.now - timedelta(hours=1, minutes=30))
    hearing.vote(stage, second, hearing.MEMBERS[3:6], 79, stage.now - timedelta(minutes=40))
