# SPDX-License-Identifier: Apache-2.0
"""Scripts wait for markers: handwritten, scanned, masked, two bags given out, one partly marked."""

from datetime import timedelta
from decimal import Decimal

from exam_portal.demo import announcing, cast, examining, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage
from exam_portal.marking import service
from exam_portal.sittings import handover

CODE = "TT-05"
SAT_DAYS_AGO = 6


def play(stage: Stage) -> None:
    """A ward's competition: five scripts in two bags; each bag is with two markers."""
    plan = Plan(
        code=CODE,
        title="Thi tuyển lãnh đạo cấp phòng của phường Tân Lập",
        title_en="Selection of division heads of Tân Lập Ward",
        rules="leadership-gate",
        posts=("tp-vhxh", "ptp-kinh-te"),
        organisation=cast.WARD,
        opens_at=stage.at(-74, 8),
        closes_at=stage.at(-44, 17),
    )
    competition = announcing.announce(stage, plan)
    culture, economy = competition.vacancies
    registering.apply(stage, competition, culture, (31, 32, 33), stage.at(-70, 8, 30))
    registering.apply(stage, competition, economy, (34, 35), stage.at(-66, 9, 15))
    registering.to_the_list(stage, competition)
    sitting = examining.hold(stage, competition, stage.at(-SAT_DAYS_AGO, 8))
    masked_at = stage.at(1 - SAT_DAYS_AGO, 9)
    examining.scan_scripts(stage, competition, sitting, masked_at)
    bags = examining.mask(stage, competition, masked_at + timedelta(hours=2))
    for bag in bags:
        for round_, marker in ((1, "cham1"), (2, "cham2")):
            service.assign_bag(
                stage.session,
                stage.actor("thuky"),
                masked_at + timedelta(hours=3),
                bag=bag,
                marker_id=stage.accounts[marker].id,
                round=round_,
            )
    first = handover.scripts(stage.session, bags[0].id)[0]
    service.give_mark(
        stage.session,
        stage.actor("cham2"),
        masked_at + timedelta(days=1),
        bag=bags[0],
        script=first,
        value=Decimal("71.5"),
        scores={},
        comment="Bố cục rõ, giải pháp khả thi; phần nguồn lực còn chung chung.",
    )
