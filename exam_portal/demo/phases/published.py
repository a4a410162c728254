# SPDX-License-Identifier: Apache-2.0
"""A published result with its bundle, from the notice to the decision that recognises it."""

from exam_portal.demo import announcing, deciding, examining, hearing, marking, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage

CODE = "TT-08"
WRITTEN_MARKS = {61: ("71.5", "71.5"), 62: ("83", "79"), 63: ("66", "70"), 64: ("47", "45.5")}
PROGRAMME_MARKS = {61: 84, 62: 88, 63: 80}


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
    written = registering.numbered(stage, competition, WRITTEN_MARKS)
    marking.on_slips(stage, competition, bags, written, stage.at(-117, 9))
    marking.unmask(stage, competition, stage.at(-110, 9))
    starts_at = stage.at(-95, 8)
    panel = hearing.seat(stage, competition, vacancy, starts_at, mode="paper")
    worth = registering.numbered(stage, competition, PROGRAMME_MARKS)
    hearing.hear_on_paper(stage, competition, panel, worth, starts_at)
    deciding.compute(stage, competition, stage.at(-90, 9))
    deciding.post(stage, competition, stage.at(-85, 9))
    deciding.close_reviews(stage, competition, stage.at(-50, 9))
    deciding.publish(stage, competition, stage.at(-40, 9))
