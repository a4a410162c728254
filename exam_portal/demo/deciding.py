# SPDX-License-Identifier: Apache-2.0
"""From computed marks to the published result, as the people of the demonstration go."""

from datetime import datetime, timedelta

from exam_portal.appeals import service as appeals
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.demo import scans
from exam_portal.demo.stage import Stage
from exam_portal.results import service
from exam_portal.results.content import MARKS, RESULTS


def compute(stage: Stage, competition: Competition, now: datetime) -> None:
    """Every post has its run."""
    for vacancy in competition.vacancies:
        service.compute_run(
            stage.session, stage.actor("thuky"), now, competition=competition, vacancy=vacancy
        )


def post(stage: Stage, competition: Competition, now: datetime) -> None:
    """The marks are posted, approved by two."""
    _publish(stage, competition, MARKS, now)


def close_reviews(stage: Stage, competition: Competition, now: datetime) -> None:
    """The days for requests are over, and each is decided."""
    appeals.close_reviews(stage.session, stage.actor("thuky"), now, competition=competition)


def publish(stage: Stage, competition: Competition, now: datetime) -> None:
    """Opinion and recognition are on record, and the result is public, approved by two."""
    secretary = stage.actor("thuky")
    opinion = _paper(stage, competition, PaperKind.OPINION, "Thông báo ý kiến", "TB-BTV", now)
    service.record_opinion(stage.session, secretary, now, competition=competition, paper=opinion)
    recognised = now + timedelta(days=4)
    decision = _paper(
        stage, competition, PaperKind.RECOGNITION, "Quyết định công nhận kết quả", "QĐ-UBND", recognised
    )
    service.recognise(stage.session, secretary, recognised, competition=competition, paper=decision)
    _publish(stage, competition, RESULTS, recognised + timedelta(days=1))


def _publish(stage: Stage, competition: Competition, kind: str, now: datetime) -> None:
    prepared = service.prepare_publication(
        stage.session, stage.actor("thuky"), now, competition=competition, kind=kind
    )
    for hours, approver in enumerate(("chutich", "thamquyen"), start=1):
        service.approve_publication(
            stage.session,
            stage.actor(approver),
            now + timedelta(hours=hours),
            publication=prepared,
            content_hash=prepared.content_hash,
        )


def _paper(
    stage: Stage, competition: Competition, kind: PaperKind, title: str, mark: str, now: datetime
) -> SignedPaper:
    return scans.file(
        stage,
        stage.actor("thuky"),
        now,
        competition,
        kind=kind,
        number=f"{100 + competition.id}/{mark}",
        title=title,
        signed_by="Người có thẩm quyền",
        pages=[[competition.title, "> Đã ký"]],
    )
