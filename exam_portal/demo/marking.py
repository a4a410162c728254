# SPDX-License-Identifier: Apache-2.0
"""Marks of the demonstration: signed slips keyed by two typists, a third mark where two differ, the lock."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from exam_portal.accounts import queries as accounts
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition
from exam_portal.demo import scans
from exam_portal.demo.examining import WRITTEN
from exam_portal.demo.stage import Stage
from exam_portal.marking import service
from exam_portal.results import service as results
from exam_portal.results.people import people
from exam_portal.sittings import handover, masking
from exam_portal.sittings.handover import BagView, MaskedScriptView

Marks = Mapping[str, Sequence[str]]  # candidate number -> the marks of the rounds
ROUNDS = {0: "cham1", 1: "cham2", 2: "cham3"}


def on_slips(
    stage: Stage, competition: Competition, bags: Sequence[BagView], marks: Marks, now: datetime
) -> None:
    """Every script has the marks of its candidate, each keyed twice from its page, and all are locked."""
    scripts = list(_by_candidate(stage, competition, bags))
    for round_, login in ROUNDS.items():
        due = [(number, bag, script) for number, bag, script in scripts if len(marks[number]) > round_]
        if due:
            given = [marks[number][round_] for number, _, _ in due]
            at = now + timedelta(days=round_)
            signer = accounts.name_of(stage.session, stage.accounts[login].id)
            paper = _file(stage, competition, round_ + 1, signer, due, given, at)
            for page, ((_, bag, script), value) in enumerate(zip(due, given, strict=True), start=1):
                _key(stage, bag, script, round_ + 1, value, signer, paper, page, at + timedelta(hours=3))
    locked = now + timedelta(days=3)
    place: dict[str, Any] = {"competition_id": competition.id, "part": WRITTEN, "purpose": "marking"}
    service.ask_lock(stage.session, stage.actor("thuky"), locked - timedelta(minutes=20), **place)
    service.lock_marks(stage.session, stage.actor("chutich"), locked, **place)


def unmask(stage: Stage, competition: Competition, now: datetime) -> None:
    """The masks are lifted by the masking board before a witness, on a signed minute."""
    minute = scans.file(
        stage,
        stage.actor("phach1"),
        now,
        competition,
        kind=PaperKind.SCRIPT_HANDOVER,
        number=f"{40 + competition.id}/BB-GP",
        title="Biên bản ghép phách",
        signed_by="Trưởng Ban phách; đại diện Ban Giám sát",
        pages=[["Ghép phách bài thi viết sau khi khóa điểm.", "> Đã ký"]],
    )
    results.unmask(
        stage.session,
        stage.actor("phach1"),
        now,
        competition=competition,
        part=WRITTEN,
        witnessed_by=stage.accounts["giamsat"].id,
        paper=minute,
    )


def _by_candidate(
    stage: Stage, competition: Competition, bags: Sequence[BagView]
) -> Iterator[tuple[str, BagView, MaskedScriptView]]:
    """Yield the scripts with the number of the candidate, which only this director knows."""
    numbers = {person.id: person.candidate_no for person in people(stage.session, competition.id)}
    mapping = masking.mapping(stage.session, competition.id, WRITTEN, "marking")
    for bag in bags:
        for script in handover.scripts(stage.session, bag.id):
            yield numbers[mapping[script.id]], bag, script


def _file(
    stage: Stage,
    competition: Competition,
    round_: int,
    signer: str,
    due: Sequence[tuple[str, BagView, MaskedScriptView]],
    given: Sequence[str],
    now: datetime,
) -> SignedPaper:
    title = "Phiếu chấm thi viết"
    pages = [
        [
            f"Mã phách: {script.mask_code} · Túi {bag.label} · Lượt chấm {round_}",
            f"> Điểm: {value.replace('.', ',')}",
            f"> {signer}",
        ]
        for (_, bag, script), value in zip(due, given, strict=True)
    ]
    return service.file_slips(
        stage.session,
        stage.actor("nhaplieu1"),
        now,
        organisation_id=competition.organisation_id,
        competition_id=competition.id,
        paper=scans.prepared(
            stage,
            title,
            pages,
            number=f"PC-{competition.id:02d}/{round_}",
            issued_on=now.date(),
            signed_by=signer,
        ),
    )


def _key(
    stage: Stage,
    bag: BagView,
    script: MaskedScriptView,
    round_: int,
    value: str,
    signer: str,
    paper: SignedPaper,
    page: int,
    now: datetime,
) -> None:
    for minutes, typist in enumerate(("nhaplieu1", "nhaplieu2")):
        service.key_slip(
            stage.session,
            stage.actor(typist),
            now + timedelta(minutes=10 * minutes),
            bag=bag,
            script=script,
            round=round_,
            value=Decimal(value),
            scores={},
            signer=signer,
            paper=paper,
            page=page,
        )
