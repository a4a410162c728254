# SPDX-License-Identifier: Apache-2.0
"""Panels of the demonstration: members, lots, hearings; ballots on slips keyed twice, or in the portal."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from exam_portal.accounts import queries as accounts
from exam_portal.audit.models import SignedPaper
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.demo import scans
from exam_portal.demo.stage import Stage
from exam_portal.interviews import declared, service
from exam_portal.interviews.ballots import CountingSheet, Slip
from exam_portal.interviews.models import Hearing, PanelSession
from exam_portal.interviews.record import keeping
from exam_portal.interviews.record import service as record
from exam_portal.registration.models import Candidate

PROGRAMME = "programme"
MEMBERS = tuple(f"uyvien{number}" for number in range(1, 8))
KEEPERS = ("giamsat", "thamquyen")
WITNESSES = "Đại diện Ban Giám sát; các thí sinh có mặt"
WORDS = "hoa sen, 27"


def seat(
    stage: Stage, competition: Competition, vacancy: Vacancy, starts_at: datetime, *, mode: str
) -> PanelSession:
    """The panel of a post has its seven members, and the order of its hearings is drawn."""
    session, secretary = stage.session, stage.actor("thuky")
    seated = starts_at - timedelta(days=3)
    panel = service.seat_panel(
        session,
        secretary,
        seated,
        competition=competition,
        vacancy=vacancy,
        part=PROGRAMME,
        mode=mode,
        place="Hội trường tầng 2, Nhà A",
        starts_at=starts_at,
    )
    names = accounts.names_of(session, [stage.accounts[login].id for login in MEMBERS])
    for login in MEMBERS:
        account = stage.accounts[login]
        service.add_member(
            session,
            secretary,
            seated,
            panel=panel,
            name=names[account.id],
            duty="Ủy viên Hội đồng thi tuyển",
            account_id=account.id,
        )
    declare(stage, panel, seated)
    if mode != "paper":
        entrust(stage, panel, seated)
    at = starts_at - timedelta(minutes=30)
    service.draw_lots(session, secretary, at, panel=panel, witnesses=WITNESSES, words=WORDS)
    session.expire(panel, ["hearings"])
    return panel


def entrust(stage: Stage, panel: PanelSession, now: datetime) -> None:
    """The key of the sealed record lies with two who do not vote, one of them oversees; both open it."""
    keepers = [stage.actor(login) for login in KEEPERS]
    holders = [actor.account_id or 0 for actor in keepers]
    prepared = record.prepare(stage.session, panel=panel, holders=holders, threshold=2)
    key = record.entrust(stage.session, stage.actor("thuky"), now, panel=panel, prepared=prepared)
    for actor in keepers:
        words = record.show_share(stage.session, actor, now, panel=panel)
        record.take_share(stage.session, actor, now, panel=panel, typed=words)
    keeping.forget(stage.session, key)


def declare(stage: Stage, panel: PanelSession, now: datetime) -> None:
    """Every member has said that there is no relation to any candidate, and answered what is asked."""
    actors = {stage.accounts[login].id: stage.actor(login) for login in MEMBERS}
    for member in panel.members:
        for _ in ("the list of candidates", "what the comparison asks"):
            lines = declared.of_member(declared.lines(stage.session, panel), member)
            asked = [line for line in lines if not line.is_answered or line.is_open]
            if asked:
                service.declare_relations(
                    stage.session,
                    actors[member.account_id or 0],
                    now,
                    member=member,
                    answers={line.candidate.id: None for line in asked},
                    disciplined=False,
                )


def hear_on_paper(
    stage: Stage, competition: Competition, panel: PanelSession, worth: Mapping[str, int], starts_at: datetime
) -> None:
    """Every candidate has been heard; the counting sheets are keyed by two typists and agree."""
    order = [(hearing, _number(stage, hearing)) for hearing in panel.hearings]
    sheets = [_sheet(worth[number]) for _, number in order]
    paper = _file(stage, competition, panel, [number for _, number in order], sheets, starts_at)
    for place, ((hearing, _), sheet) in enumerate(zip(order, sheets, strict=True)):
        at = starts_at + timedelta(minutes=50 * place)
        begin(stage, hearing, at)
        for minutes, typist in enumerate(("nhaplieu1", "nhaplieu2")):
            service.key_count(
                stage.session,
                stage.actor(typist),
                at + timedelta(hours=4, minutes=10 * minutes),
                hearing=hearing,
                sheet=sheet,
                paper=paper,
                page=place + 1,
            )


def begin(stage: Stage, hearing: Hearing, now: datetime) -> None:
    """The candidate has been heard and the slips are issued."""
    secretary = stage.actor("thuky")
    service.open_hearing(stage.session, secretary, now, hearing=hearing)
    service.open_ballot(stage.session, secretary, now + timedelta(minutes=45), hearing=hearing)


def vote(stage: Stage, hearing: Hearing, members: Sequence[str], worth: int, now: datetime) -> None:
    """These members have given their ballots in the portal."""
    for place, login in enumerate(members):
        service.cast_ballot(
            stage.session,
            stage.actor(login),
            now + timedelta(seconds=40 * place),
            hearing=hearing,
            value=None,
            scores=_scores(worth, place),
            has_heard=True,
        )


def _sheet(worth: int) -> CountingSheet:
    slips = [Slip(slip=str(n + 1), value=None, scores=_scores(worth, n)) for n in range(len(MEMBERS))]
    return CountingSheet(issued=len(slips), returned=len(slips), invalid=0, slips=slips)


def _scores(worth: int, place: int) -> Mapping[str, Decimal]:
    """Return what a member gives: near the worth, in half points by criterion."""
    swing = Decimal((place * 3) % 7 - 3) / 2
    build = Decimal(worth) * 4 / 10
    defend = Decimal(worth) * 3 / 10
    parts = {"build": build + swing, "defend": defend, "answer": defend - swing}
    most = {"build": 40, "defend": 30, "answer": 30}
    return {key: min(Decimal(round(value * 2)) / 2, Decimal(most[key])) for key, value in parts.items()}


def _file(
    stage: Stage,
    competition: Competition,
    panel: PanelSession,
    numbers: Sequence[str],
    sheets: Sequence[CountingSheet],
    now: datetime,
) -> SignedPaper:
    title = "Biên bản kiểm phiếu"
    pages = [
        [
            f"Số báo danh {number}. Phát ra {sheet.issued}, thu về {sheet.returned}, không hợp lệ 0.",
            *(f"> Phiếu {slip.slip}: {_total(slip)}" for slip in sheet.slips),
        ]
        for number, sheet in zip(numbers, sheets, strict=True)
    ]
    return service.file_sheets(
        stage.session,
        stage.actor("thuky"),
        now + timedelta(hours=3),
        panel=panel,
        organisation_id=competition.organisation_id,
        paper=scans.prepared(
            stage,
            title,
            pages,
            number=f"{50 + panel.id}/BB-KP",
            issued_on=now.date(),
            signed_by="Tổ kiểm phiếu",
        ),
    )


def _total(slip: Slip) -> str:
    shown = " + ".join(f"{score:g}" for score in slip.scores.values())
    return f"{shown} = {sum(slip.scores.values()):g}".replace(".", ",")


def _number(stage: Stage, hearing: Hearing) -> str:
    return stage.session.get_one(Candidate, hearing.candidate_id).candidate_no
