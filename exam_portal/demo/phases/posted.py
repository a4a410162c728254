# SPDX-License-Identifier: Apache-2.0
"""Marks are posted and reviews can be asked for: one candidate has failed the gate by half a point."""

from exam_portal.demo import announcing, deciding, examining, hearing, marking, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage

CODE = "TT-07"
WRITTEN_MARKS = {"001": ("81", "77.5"), "002": ("44", "56", "49"), "003": ("69", "73"), "004": ("62", "60.5")}
PROGRAMME_MARKS = {"001": 83, "003": 86, "004": 74}


def play(stage: Stage) -> None:
    """One post, four candidates, three heard; marks posted three days ago."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển Trưởng phòng Cải cách hành chính, Sở Nội vụ",
        title_en="Selection of the Head of the Administrative Reform Division",
        rules="leadership-gate",
        posts=("tp-cchc",),
        opens_at=stage.at(-120, 8),
        closes_at=stage.at(-90, 17),
    )
    competition = announcing.announce(stage, plan)
    vacancy = competition.vacancies[0]
    registering.apply(stage, competition, vacancy, (51, 52, 53, 54), stage.at(-117, 8, 30))
    registering.to_the_list(stage, competition)
    examining.hold(stage, competition, stage.at(-50, 8))
    bags = examining.mask(stage, competition, stage.at(-49, 9))
    marking.on_slips(stage, competition, bags, WRITTEN_MARKS, stage.at(-47, 9))
    marking.unmask(stage, competition, stage.at(-40, 9))
    starts_at = stage.at(-20, 8)
    panel = hearing.seat(stage, competition, vacancy, starts_at, mode="paper")
    hearing.hear_on_paper(stage, competition, panel, PROGRAMME_MARKS, starts_at)
    deciding.compute(stage, competition, stage.at(-10, 9))
    deciding.post(stage, competition, stage.at(-3, 9))
