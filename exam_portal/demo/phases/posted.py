# SPDX-License-Identifier: Apache-2.0
"""Marks are posted and a review is under way: one candidate has failed the gate by one point."""

from datetime import datetime, timedelta

from exam_portal.appeals import service
from exam_portal.core.actors import Actor
from exam_portal.demo import announcing, deciding, examining, hearing, marking, registering
from exam_portal.demo.announcing import Plan
from exam_portal.demo.stage import Stage
from exam_portal.marking import service as desk
from exam_portal.registration.models import Candidate
from exam_portal.sittings import handover

CODE = "TT-07"
WRITTEN_MARKS = {51: ("81", "77.5"), 52: ("44", "56", "49"), 53: ("69", "73"), 54: ("62", "60.5")}
PROGRAMME_MARKS = {51: 83, 53: 86, 54: 74}


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
    written = registering.numbered(stage, competition, WRITTEN_MARKS)
    marking.on_slips(stage, competition, bags, written, stage.at(-47, 9))
    marking.unmask(stage, competition, stage.at(-40, 9))
    starts_at = stage.at(-20, 8)
    panel = hearing.seat(stage, competition, vacancy, starts_at, mode="paper")
    worth = registering.numbered(stage, competition, PROGRAMME_MARKS)
    hearing.hear_on_paper(stage, competition, panel, worth, starts_at)
    deciding.compute(stage, competition, stage.at(-10, 9))
    deciding.post(stage, competition, stage.at(-3, 9))
    _ask(stage, registering.candidate(stage, competition, 52), stage.at(-2, 20))


def _ask(stage: Stage, candidate: Candidate, now: datetime) -> None:
    """The candidate has asked for a review; it is admitted, and the script lies with the review board."""
    session = stage.session
    own = Actor(account_id=candidate.account_id, is_candidate=True)
    request = service.request_review(
        session,
        own,
        now,
        candidate=candidate,
        part=examining.WRITTEN,
        reason=service.Reason.SCHEME,
        words="Hai giám khảo chênh nhau 12 điểm. Đề nghị chấm lại phần giải pháp của câu 2.",
    )
    service.admit_request(session, stage.actor("thuky"), now + timedelta(hours=13), request=request)
    bag = service.bag_for_review(session, stage.actor("phach1"), now + timedelta(hours=15), request=request)
    for round_, login in ((1, "phuctra1"), (2, "phuctra2")):
        desk.assign_bag(
            session,
            stage.actor("thuky"),
            now + timedelta(hours=16),
            bag=handover.bag(session, bag.public_id),
            marker_id=stage.accounts[login].id,
            round=round_,
        )
