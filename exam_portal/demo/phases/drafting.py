# SPDX-License-Identifier: Apache-2.0
"""A draft that lies before the chair."""

from datetime import timedelta

from exam_portal.competitions import service
from exam_portal.demo import announcing
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage

CODE = "TT-01"


def play(stage: Stage) -> None:
    """The organiser has drafted and submitted; the chair has not decided."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển Phó Giám đốc Sở Nội vụ",
        title_en="Selection of a Deputy Director of the Department of Home Affairs",
        rules="leadership-gate",
        posts=("pgd-noi-vu",),
        opens_at=stage.at(7, 8),
        closes_at=stage.at(37, 17),
    )
    competition = announcing.draft(stage, plan)
    asked = plan.opens_at - timedelta(days=8)
    service.submit_for_approval(stage.session, stage.actor("tochuc"), asked, competition)
