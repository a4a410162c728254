# SPDX-License-Identifier: Apache-2.0
"""A competition being vetted: some dossiers are decided, one was refused, the others wait for the board."""

from datetime import timedelta

from exam_portal.demo import announcing, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage

CODE = "TT-03"


def play(stage: Stage) -> None:
    """Six dossiers: three eligible, one not, two to be read."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển lãnh đạo cấp phòng thuộc Sở Xây dựng và Sở Tư pháp",
        title_en="Selection of division heads of the Departments of Construction and Justice",
        rules="leadership-test-panel",
        posts=("tp-xay-dung", "tp-tu-phap"),
        opens_at=stage.at(-34, 8),
        closes_at=stage.at(-4, 17),
    )
    competition = announcing.announce(stage, plan)
    building, justice = competition.vacancies
    registering.apply(stage, competition, building, (11, 12, 13), stage.at(-24, 8, 30))
    registering.apply(stage, competition, justice, (14, 15, 16), stage.at(-20, 9, 15))
    read_at = registering.close(stage, competition) + timedelta(hours=30)
    dossiers = registering.applications(stage, competition)
    for application in dossiers[:3]:
        registering.vet(stage, application, read_at)
    registering.vet(
        stage,
        dossiers[3],
        read_at + timedelta(hours=1),
        refused="Hồ sơ không có văn bản đồng ý của cơ quan quản lý; đã đề nghị bổ sung nhưng quá hạn.",
    )
