# SPDX-License-Identifier: Apache-2.0
"""A published result with its bundle, from the notice to the decision that recognises it."""

from exam_portal.demo import announcing, deciding, examining, hearing, marking, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage

CODE = "TT-08"
WRITTEN_MARKS = {"001": ("71.5", "71.5"), "002": ("83", "79"), "003": ("66", "70"), "004": ("47", "45.5")}
PROGRAMME_MARKS = {"001": 84, "002": 88, "003": 80}


def play(stage: Stage) -> None:
    """One post, four candidates, three heard, one selected; published three weeks ago."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển Phó Giám đốc Sở Nông nghiệp và Môi trường",
        title_en="Selection of a Deputy Director of the Department of Agriculture and Environment",
        rules="leadership-gate",
        posts=("pgd-nnmt",),
        opens_at=stage.at(-180, 8),
        closes_at=stage.at(-150, 17),
    )
    competition = announcing.announce(stage, plan)
    vacancy = competition.vacancies[0]
    registering.apply(stage, competition, vacancy, (61, 62, 63, 64), stage.at(-176, 8, 30))
    registering.to_the_list(stage, competition)
    examining.hold(stage, competition, stage.at(-120, 8))
    bags = examining.mask(stage, competition, stage.at(-119, 9))
    marking.on_slips(stage, competition, bags, WRITTEN_MARKS, stage.at(-117, 9))
    marking.unmask(stage, competition, stage.at(-110, 9))
    starts_at = stage.at(-95, 8)
    panel = hearing.seat(stage, competition, vacancy, starts_at, mode="paper")
    hearing.hear_on_paper(stage, competition, panel, PROGRAMME_MARKS, starts_at)
    deciding.compute(stage, competition, stage.at(-90, 9))
    deciding.post(stage, competition, stage.at(-85, 9))
    deciding.close_reviews(stage, competition, stage.at(-50, 9))
    deciding.publish(stage, competition, stage.at(-40, 9))
