# SPDX-License-Identifier: Apache-2.0
"""Scripts counted twice, masked once, and handed to markers who cannot know whose they are."""

import dataclasses
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from exam_portal.competitions import service as competitions
from exam_portal.competitions.models import Relation
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, StaleState
from exam_portal.sittings import errors, handover, masking, queries, service
from exam_portal.sittings.models import (
    AttendanceStatus,
    IncidentCategory,
    MaskBag,
    MaskedScript,
    Script,
    Sitting,
)
from exam_portal.sittings.service import collecting
from tests.portal.audit.builders import a_pdf
from tests.portal.sittings.builders import (
    MINUTE,
    START,
    Hall,
    a_hall,
    a_received,
    a_started,
    an_ended,
    as_declared,
    check_in,
    hand_over,
    sheet_codes,
)

OVER = START + 190 * MINUTE


def test_scripts_are_as_many_as_people_or_nothing_is_handed_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        first, second, third = (seat.id for seat in sitting.seats)
        count(session, hall, sitting, {first: 3, second: 4})
        with pytest.raises(errors.CountsDiffer) as refused:
            hand_over(session, hall, OVER, sitting)
        assert (refused.value.present, refused.value.scripts, refused.value.exceptions) == (3, 2, 0)
        without_script(session, hall, sitting, third)
        declared = hand_over(session, hall, OVER, sitting)
    assert declared.payload == {"scripts": 2, "sheets": 7}


def test_an_exception_of_somebody_with_a_script_excuses_nobody_else(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        first, second, _ = (seat.id for seat in sitting.seats)
        count(session, hall, sitting, {first: 3, second: 4})
        without_script(session, hall, sitting, first)
        with pytest.raises(errors.CountsDiffer):
            hand_over(session, hall, OVER, sitting)


def test_every_seat_has_a_finding_before_the_hand_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        check_in(session, hall, sitting.seats[0])
        service.end(session, hall.invigilator, OVER, sitting=sitting)
        with pytest.raises(errors.NotCheckedIn) as refused:
            hand_over(session, hall, OVER, sitting)
    assert refused.value.count == 2


def test_an_absent_person_hands_in_nothing(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_started(session, hall)
        seat = sitting.seats[0]
        check_in(session, hall, seat, status=AttendanceStatus.ABSENT, identity_checked=False)
        with pytest.raises(errors.NotPresent):
            count(session, hall, sitting, {seat.id: 1})


def test_a_script_is_counted_once_and_corrected_with_a_reason(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        seat = sitting.seats[0]
        count(session, hall, sitting, {seat.id: 3})
        with pytest.raises(StaleState):
            count(session, hall, sitting, {seat.id: 4})
        service.correct_sheets(session, hall.invigilator, OVER, seat=seat, sheets=4, reason="Đếm lại")
        assert collecting.standing(session, sitting).sheets == {seat.id: 4}
        assert session.scalars(select(Script.sheets)).all() == [3]


def test_the_masking_board_counts_by_itself_and_other_numbers_are_refused(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        count(session, hall, sitting, {seat.id: 4 for seat in sitting.seats})
        with pytest.raises(errors.NotDeclared):
            service.receive(session, hall.masker, OVER, sitting=sitting, bags={})
        hand_over(session, hall, OVER, sitting)
        short = as_declared(session, sitting, sheets=11)
        with pytest.raises(errors.ReceiptDiffers) as refused:
            service.receive(session, hall.masker, OVER, sitting=sitting, bags=short)
        assert (refused.value.sheets_declared, refused.value.sheets_counted) == (12, 11)
        whole = as_declared(session, sitting)
        with pytest.raises(errors.OtherInvigilator):
            service.receive(session, hall.invigilator, OVER, sitting=sitting, bags=whole)
        service.receive(session, hall.masker, OVER, sitting=sitting, bags=whole)
        with pytest.raises(errors.AlreadyHandedOver):
            service.receive(session, hall.masker, OVER, sitting=sitting, bags=whole)


def test_nothing_is_masked_before_it_was_counted_over(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = an_ended(session, hall)
        count(session, hall, sitting, {seat.id: 4 for seat in sitting.seats})
        with pytest.raises(errors.NotHandedOver):
            mask(session, hall)


def test_masks_lead_back_to_each_candidate_with_the_key_and_are_committed(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=12)
        a_received(session, hall)
        with pytest.raises(errors.BagTooSmall):
            mask(session, hall, bag_size=4)
        bags = mask(session, hall, bag_size=5)
        assert [len(bag.scripts) for bag in bags] == [5, 7]
        found = masking.mapping(session, hall.competition.id, "written", "marking")
        assert sorted(found.values()) == sorted(candidate.id for candidate in hall.candidates)
        key_id = masking.key_of(session, hall.competition.id, "written", "marking")
        for masked in session.scalars(select(MaskedScript)):
            opening = masking.opening_of(session, masked, key_id)
            again = masking.commitment_of(
                bytes.fromhex(opening["salt"]), opening["public_id"], masked.mask_code
            )
            assert again == masked.commitment


def test_a_part_is_masked_once_even_by_two_at_once(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_received(session, hall)
    told: list[DomainError] = []

    def work() -> None:
        try:
            with database.writing(unhurried=True) as session:
                mask(session, hall)
        except DomainError as problem:
            told.append(problem)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(problem) for problem in told] == [StaleState]
    with database.reading() as session:
        assert len(session.scalars(select(MaskedScript)).all()) == 3


def test_the_label_sheet_names_codes_and_sheets_only(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_received(session, hall)
        mask(session, hall)
        lines = masking.labels(session, hall.competition.id, "written")
        assert {line.sheet_code for line in lines} == sheet_codes(session, sitting)
        assert len({line.mask_code for line in lines}) == 3


def test_a_marker_sees_nothing_that_names_a_person(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_received(session, hall)
        add_scan(session, hall, next(iter(sheet_codes(session, sitting))))
        mask(session, hall)
        shown = everything_shown(session, hall)
        seats = queries.board(session, sitting)
        canaries = {
            *(seat.name for seat in seats),
            *(seat.sheet_code for seat in seats),
            *(seat.public_id for seat in seats),
            *(f'"{seat.candidate_no}"' for seat in seats),
            *(candidate.public_id for candidate in hall.candidates),
            *(script.public_id for script in session.scalars(select(Script))),
            "P.101",
            sitting.public_id,
        }
    assert [canary for canary in canaries if canary in shown] == []


@pytest.mark.engines("sqlite")
def test_the_tables_alone_lead_from_no_mask_to_a_script(database: Database, instance_directory: Path) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=5)
        a_received(session, hall)
        mask(session, hall)
        true = masking.mapping(session, hall.competition.id, "written", "marking")
        scripts = {script.public_id: script.id for script in session.scalars(select(Script))}
        sealed = {one.id: one.sealed_mapping for one in session.scalars(select(MaskedScript))}
    dump = "\n".join(sqlite3.connect(instance_directory / "portal.sqlite3").iterdump())
    masked_rows = [line for line in dump.splitlines() if 'INTO "masked_scripts"' in line]
    assert len(masked_rows) == len(true) == 5
    assert [public_id for public_id in scripts if any(public_id in row for row in masked_rows)] == []
    assert [1 for blob in sealed.values() for public_id in scripts if public_id.encode() in blob] == []


def test_the_order_of_masked_rows_is_the_order_of_random_codes(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=5)
        a_received(session, hall)
        mask(session, hall)
        codes = session.scalars(select(MaskedScript.mask_code).order_by(MaskedScript.id)).all()
    assert list(codes) == sorted(codes)


def test_content_is_scan_or_physical_as_it_lies_there(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_received(session, hall)
        add_scan(session, hall, next(iter(sheet_codes(session, sitting))))
        [bag] = mask(session, hall)
        contents = [handover.content(session, one.id) for one in handover.scripts(session, bag.id)]
    assert sorted(content.kind for content in contents) == ["physical", "physical", "scan"]
    [scan] = [content for content in contents if content.kind == "scan"]
    assert scan.pages[0][0] == "application/pdf"


def test_a_relative_of_a_candidate_may_not_take_the_bag(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_received(session, hall)
        [bag] = mask(session, hall)
        marker = hall.second.account_id
        assert marker is not None
        assert handover.may_take(session, marker, bag.id) is None
        competitions.declare_conflict(
            session,
            hall.secretary,
            OVER,
            hall.competition,
            account_id=marker,
            candidate_account_id=hall.candidates[1].account_id,
            relation=Relation.SIBLING,
        )
        assert handover.may_take(session, marker, bag.id) == "conflict"


def test_a_script_masked_again_for_a_review_is_known_as_the_same(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_received(session, hall)
        [bag] = mask(session, hall)
        first = handover.scripts(session, bag.id)[0]
        key_id = masking.key_of(session, hall.competition.id, "written", "marking")
        script_id = masking.script_of(session, session.get_one(MaskedScript, first.id), key_id)
        [again] = masking.mask_scripts(
            session,
            hall.masker,
            OVER,
            competition=hall.competition,
            part="written",
            purpose="review:abc",
            script_ids=[script_id],
        )
        [second] = handover.scripts(session, again.id)
        assert second.mask_code != first.mask_code
        assert handover.same_script(session, second.id) == {first.id}


def test_a_sheet_code_that_nobody_printed_is_refused(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        a_received(session, hall)
        with pytest.raises(errors.NoSuchSheet):
            collecting.script_by_sheet(session, hall.competition.id, "ABCD2345")


def everything_shown(session: Session, hall: Hall) -> str:
    """Return all values that the hand-over gives to marking, as one text."""
    bags = handover.bags_of(session, hall.competition.id)
    shown: list[Any] = []
    for bag in bags:
        shown.append(dataclasses.asdict(bag))
        brief = dataclasses.asdict(handover.brief(session, bag.id))
        brief.pop("ruleset")
        shown.append(brief)
        for script in handover.scripts(session, bag.id):
            shown.append(dataclasses.asdict(script))
            content = handover.content(session, script.id)
            shown.append([content.kind, [media for media, _ in content.pages]])
    return json.dumps(shown, ensure_ascii=False, default=str)


def count(session: Session, hall: Hall, sitting: Sitting, sheets: dict[int, int]) -> None:
    """The invigilator counts scripts."""
    service.collect_scripts(session, hall.invigilator, OVER, sitting=sitting, sheets=sheets)


def without_script(session: Session, hall: Hall, sitting: Sitting, seat_id: int) -> None:
    """The register says that this person handed in nothing."""
    seat = next(seat for seat in sitting.seats if seat.id == seat_id)
    service.register_incident(
        session,
        hall.invigilator,
        OVER,
        sitting=sitting,
        category=IncidentCategory.NO_SCRIPT,
        description="Thí sinh không nộp bài",
        occurred_at=OVER,
        seat=seat,
    )


def add_scan(session: Session, hall: Hall, sheet_code: str, pages: int = 2) -> None:
    """The pages of one script are scanned."""
    script = collecting.script_by_sheet(session, hall.competition.id, sheet_code)
    key_id = collecting.key_of_script(session, script)
    service.add_scan(
        session,
        hall.masker,
        OVER,
        competition_id=hall.competition.id,
        sheet_code=sheet_code,
        scan=session.files.prepare(a_pdf(pages), media_type="application/pdf", key_id=key_id),
        pages=pages,
    )


def mask(session: Session, hall: Hall, *, bag_size: int = 0) -> list[MaskBag]:
    """The masking board masks the written part."""
    return masking.mask_scripts(
        session, hall.masker, OVER, competition=hall.competition, part="written", bag_size=bag_size
    )


def test_pages_lie_with_one_script_and_are_no_more_than_its_sheets(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = a_received(session, hall, sheets=1)
        first, second, _ = sorted(sheet_codes(session, sitting))
        add_scan(session, hall, first, 3)
        for code in (first, second):  # the same file again, and under another one's code
            with pytest.raises(errors.ScannedAlready):
                add_scan(session, hall, code, 3)
        with pytest.raises(errors.TooManyPages):
            add_scan(session, hall, second, 5)
        with pytest.raises(errors.TooManyPages):  # with what lies there already
            add_scan(session, hall, first, 2)
        with pytest.raises(errors.NoSuchSheet):
            add_scan(session, hall, "ABCD2345", 1)
        add_scan(session, hall, second, 4)
