# SPDX-License-Identifier: Apache-2.0
"""A competition open for registration: some have applied, one is still filling in the form."""

from exam_portal.demo import announcing, cast, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage

CODE = "TT-02"


def play(stage: Stage) -> None:
    """Two posts are open; five dossiers are in, one is a draft."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển lãnh đạo Sở Tài chính và Sở Y tế",
        title_en="Selection of leaders of the Departments of Finance and Health",
        rules="leadership-gate",
        posts=("pgd-tai-chinh", "pgd-y-te"),
        opens_at=stage.at(-12, 8),
        closes_at=stage.at(18, 17),
    )
    competition = announcing.announce(stage, plan)
    finance, health = competition.vacancies
    registering.apply(stage, competition, finance, (1, 2, 3), stage.at(-9, 8, 20))
    registering.apply(stage, competition, health, (4, 5), stage.at(-6, 9, 10))
    drafting = cast.applicant(stage, stage.at(-2, 20), 6)
    content = registering.filled(drafting.person, 6)
    registering.begin(stage, drafting, competition, finance, stage.at(-2, 20, 5), content)
