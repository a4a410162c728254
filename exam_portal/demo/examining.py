# SPDX-License-Identifier: Apache-2.0
"""A written part of the demonstration on paper: envelopes, seats, summons, the sitting, scripts, masks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from exam_portal.audit.kinds import PaperKind
from exam_portal.competitions.models import Competition
from exam_portal.demo import scans
from exam_portal.demo.stage import Stage
from exam_portal.papers import queries as paper_queries
from exam_portal.papers import service as papers
from exam_portal.papers.models import EnvelopeEventKind, Paper, PaperContent
from exam_portal.sittings import handover, masking, queries, service
from exam_portal.sittings.handover import BagView
from exam_portal.sittings.models import Room, Seat, Sitting
from exam_portal.sittings.service import bags as sealed
from exam_portal.sittings.service import collecting
from exam_portal.sittings.service.bags import Counted, Packed

WRITTEN = "written"
SHEETS = 4
SPECIMEN = (
    "> Trước hết, cần rà soát chức năng, nhiệm vụ của đơn vị theo mô hình chính quyền hai cấp,",
    "> xác định rõ người chịu trách nhiệm, thời hạn và sản phẩm của từng việc.",
    "> Thứ hai, công khai quy trình giải quyết thủ tục hành chính; lấy mức độ hài lòng của người dân,",
    "> doanh nghiệp làm thước đo, công bố kết quả hằng tháng.",
    "> Thứ ba, bố trí cán bộ theo vị trí việc làm, gắn đánh giá hằng quý với kết quả nhiệm vụ.",
)


def seat(
    stage: Stage, competition: Competition, part: str, starts_at: datetime, made_at: datetime
) -> Sitting:
    """The part has a sitting with a seat for every candidate, in two rooms."""
    session, secretary = stage.session, stage.actor("thuky")
    rooms = list(queries.rooms(session, competition.id)) or _rooms(stage, competition, made_at)
    sitting = service.create_sitting(
        session, secretary, made_at, competition=competition, part=part, starts_at=starts_at
    )
    service.allot_seats(session, secretary, made_at, sitting=sitting, rooms=rooms)
    session.expire(sitting, ["seats"])
    return sitting


def in_envelopes(stage: Stage, competition: Competition, now: datetime) -> Paper:
    """The paper of the written part is held outside the portal: two envelopes, registered by seal number."""
    session, board = stage.session, stage.actor("rade1")
    paper = papers.name_paper(
        session,
        board,
        now,
        competition=competition,
        part=WRITTEN,
        kind="official",
        content=PaperContent.OUTSIDE,
    )
    for number in (1, 2):
        papers.register_envelope(
            session,
            board,
            now,
            paper=paper,
            label=f"BĐ-{number:02d}",
            seal_no=f"NP-{competition.id:02d}{number:04d}",
            copies=4,
            minute_no=f"{10 + number}/BB-BĐT",
        )
    return paper


def hold(stage: Stage, competition: Competition, starts_at: datetime) -> Sitting:
    """The written part has been held on paper, and its scripts are with the masking board."""
    session, secretary = stage.session, stage.actor("thuky")
    planned = starts_at - timedelta(days=14)
    sitting = seat(stage, competition, WRITTEN, starts_at, planned)
    service.summon(session, secretary, planned + timedelta(hours=2), competition=competition)
    paper = in_envelopes(stage, competition, starts_at - timedelta(hours=15))
    _open_envelopes(stage, paper, sitting, starts_at)
    _run(stage, competition, sitting, starts_at)
    return sitting


def _run(stage: Stage, competition: Competition, sitting: Sitting, starts_at: datetime) -> None:
    session, invigilator = stage.session, stage.actor("coithi1")
    rooms: dict[Room, list[Seat]] = {}
    for seat in sitting.seats:
        rooms.setdefault(seat.room, []).append(seat)
    for room in rooms:
        service.check_in_room(
            session, invigilator, starts_at - timedelta(minutes=20), sitting=sitting, room=room
        )
    service.start(session, invigilator, starts_at, sitting=sitting)
    over = starts_at + timedelta(seconds=sitting.duration_seconds)
    service.end(session, invigilator, over, sitting=sitting)
    sheets = {seat.id: SHEETS for seat in sitting.seats}
    counted = over + timedelta(minutes=25)
    service.collect_scripts(session, invigilator, counted, sitting=sitting, sheets=sheets)
    bags = [
        Packed(
            label=f"Túi {room.name}",
            seal_no=f"NP-{competition.id:02d}{90 + place:04d}",
            scripts=len(seats),
            sheets=SHEETS * len(seats),
        )
        for place, (room, seats) in enumerate(rooms.items(), start=1)
    ]
    service.hand_over(session, invigilator, counted, sitting=sitting, bags=bags)
    minute = scans.file(
        stage,
        stage.actor("phach1"),
        counted + timedelta(minutes=30),
        competition,
        kind=PaperKind.SCRIPT_HANDOVER,
        number=f"{20 + competition.id}/BB-BGBT",
        title="Biên bản bàn giao bài thi",
        signed_by="Trưởng Ban coi thi; Trưởng Ban phách",
        pages=[[f"Số bài: {len(sheets)}", f"Số tờ giấy thi: {sum(sheets.values())}", "> Đã ký"]],
    )
    service.receive(
        session,
        stage.actor("phach1"),
        counted + timedelta(minutes=40),
        sitting=sitting,
        bags={
            bag.id: Counted(seal_no=bag.seal_no, scripts=bag.scripts, sheets=bag.sheets)
            for bag in sealed.of_sitting(session, sitting)
        },
        paper=minute,
    )


def scan_scripts(stage: Stage, competition: Competition, sitting: Sitting, now: datetime) -> None:
    """The handwritten pages lie with each script."""
    session = stage.session
    for place, entry in enumerate(queries.board(session, sitting)):
        script = collecting.script_by_sheet(session, competition.id, entry.sheet_code)
        begins, goes_on = divmod(place, len(SPECIMEN))  # no two scripts have the same pages
        lines = SPECIMEN[goes_on:] + SPECIMEN[:goes_on]
        others = lines[begins:] + lines[:begins]
        content = scans.scan("Giấy thi", [["Bài làm", *lines], ["Bài làm (tiếp)", *reversed(others)]])
        prepared = session.files.prepare(
            content, media_type="application/pdf", key_id=collecting.key_of_script(session, script)
        )
        service.add_scan(
            session,
            stage.actor("phach2"),
            now,
            competition_id=competition.id,
            sheet_code=entry.sheet_code,
            scan=prepared,
            pages=2,
        )


def mask(stage: Stage, competition: Competition, now: datetime, *, bag_size: int = 0) -> Sequence[BagView]:
    """Every script has a code and lies in a bag."""
    masking.mask_scripts(
        stage.session,
        stage.actor("phach1"),
        now,
        competition=competition,
        part=WRITTEN,
        bag_size=bag_size,
    )
    return handover.bags_of(stage.session, competition.id)


def _open_envelopes(stage: Stage, paper: Paper, sitting: Sitting, starts_at: datetime) -> None:
    numbers = [entry.candidate_no for entry in queries.board(stage.session, sitting)][:2]
    for entry in paper_queries.envelopes(stage.session, paper.id):
        for kind, before in ((EnvelopeEventKind.HANDED_OVER, 90), (EnvelopeEventKind.OPENED, 5)):
            papers.note_envelope(
                stage.session,
                stage.actor("coithi1"),
                starts_at - timedelta(minutes=before),
                envelope=entry.envelope,
                kind=kind.value,
                place="P.101",
                seal_no=entry.seal_no,
                seal_intact=True,
                present="Đại diện Ban Giám sát; Trưởng Ban coi thi",
                candidates=numbers if kind is EnvelopeEventKind.OPENED else (),
            )


def _rooms(stage: Stage, competition: Competition, now: datetime) -> list[Room]:
    return [
        service.add_room(
            stage.session,
            stage.actor("thuky"),
            now,
            competition=competition,
            name=name,
            capacity=3,
            address="Nhà A, Trường Chính trị tỉnh",
        )
        for name in ("P.101", "P.102")
    ]
