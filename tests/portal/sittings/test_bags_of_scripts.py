# SPDX-License-Identifier: Apache-2.0
"""Scripts change hands in sealed bags: each seal once, each number twice, each difference with its reason."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from exam_portal.audit import fsck
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import StaleState
from exam_portal.core.triggers import PREFIX
from exam_portal.papers import service as papers
from exam_portal.papers.errors import SealNumberTaken
from exam_portal.papers.models import PaperContent
from exam_portal.sittings import documents, errors, paper_times, service
from exam_portal.sittings.models import BagCount, ScriptBag, ScriptHandover, Sitting
from tests.portal.competitions.pages import At, Person
from tests.portal.sittings.builders import (
    LISTED,
    MINUTE,
    START,
    Hall,
    a_bag,
    a_hall,
    a_received,
    an_ended,
    as_declared,
    hand_over,
    here,
)
from tests.portal.sittings.test_documents import read

OVER = START + 190 * MINUTE
ONE_ENGINE = pytest.mark.engines("sqlite")


def counted(session: Session, hall: Hall) -> Sitting:
    """Everybody's script of four sheets has been counted at the desk."""
    sitting = an_ended(session, hall)
    sheets = {seat.id: 4 for seat in sitting.seats}
    service.collect_scripts(session, hall.invigilator, OVER, sitting=sitting, sheets=sheets)
    return sitting


def test_the_bags_together_hold_what_was_counted(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = counted(session, hall)
        with pytest.raises(errors.BagsDiffer) as refused:
            hand_over(session, hall, OVER, sitting, a_bag(2, 8))
        assert (refused.value.scripts, refused.value.scripts_packed) == (3, 2)
        with pytest.raises(errors.BagsDiffer):
            hand_over(session, hall, OVER, sitting, a_bag(3, 13))
        hand_over(session, hall, OVER, sitting, a_bag(2, 8), a_bag(1, 4, label="Túi 2", seal_no="BT-0002"))
        seals = session.scalars(select(ScriptBag.seal_no).order_by(ScriptBag.id)).all()
        assert seals == ["BT-0001", "BT-0002"]


def test_a_seal_closes_one_bag_or_envelope_of_the_competition_however_it_is_written(
    database: Database,
) -> None:
    paper_times.fill_hooks()
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = counted(session, hall)
        facts: dict[str, Any] = {"part": "written", "kind": "official", "content": PaperContent.OUTSIDE}
        paper = papers.name_paper(session, hall.secretary, LISTED, competition=here(session, hall), **facts)
        facts = {"label": "ĐỀ-01", "seal_no": "np-0417", "copies": 5, "minute_no": "01/BB"}
        papers.register_envelope(session, hall.secretary, LISTED, paper=paper, **facts)
        again = a_bag(1, 4, label="Túi 2", seal_no=" bt-0001")
        with pytest.raises(errors.SealUsed):
            hand_over(session, hall, OVER, sitting, a_bag(2, 8), again)
        with pytest.raises(errors.SealUsed):
            hand_over(session, hall, OVER, sitting, a_bag(3, 12, seal_no="NP-0417"))
        with pytest.raises(errors.LabelTaken):
            hand_over(session, hall, OVER, sitting, a_bag(2, 8), a_bag(1, 4, seal_no="BT-0002"))
        hand_over(session, hall, OVER, sitting, a_bag(3, 12))
        facts |= {"label": "ĐỀ-02", "seal_no": "bt-0001"}
        with pytest.raises(SealNumberTaken):  # nor does a bag's seal close an envelope
            papers.register_envelope(session, hall.secretary, LISTED, paper=paper, **facts)


def test_another_seal_or_number_is_received_with_its_explanation_only(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session)
        sitting = counted(session, hall)
        hand_over(session, hall, OVER, sitting)
        with pytest.raises(errors.SealDiffers):
            receive(session, hall, sitting, is_intact=False)
        with pytest.raises(errors.SealDiffers):
            receive(session, hall, sitting, seal_no="BT-9999")
        with pytest.raises(errors.ReceiptDiffers):
            receive(session, hall, sitting, scripts=2)
        with pytest.raises(errors.ReceiptDiffers):
            receive(session, hall, sitting, sheets=11, remark="  ")
        with pytest.raises(StaleState):
            service.receive(session, hall.masker, OVER, sitting=sitting, bags={})
        assert session.scalars(select(BagCount)).all() == []
        handover = receive(session, hall, sitting, sheets=11, remark="Một tờ trắng đã hủy tại phòng")
        assert (handover.scripts, handover.sheets) == (3, 11)
        assert handover.handed_by == hall.invigilator.account_id
    with database.reading() as session:
        assert [str(one) for one in fsck.differences(session) if one.where == "sittings"] == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("table", "change", "code"),
    [
        ("script_bags", "seal_no = 'BT-7777'", "declaration"),
        ("script_bags", "sheets = 13", "declaration"),
        ("bag_counts", "seal_no = 'BT-7777'", "handover"),
        ("bag_counts", "remark = 'Không có gì'", "handover"),
        ("script_handovers", "handed_by = received_by - 1", "handover"),
    ],
)
def test_a_bag_that_was_changed_behind_the_portals_back_is_named(
    database: Database, table: str, change: str, code: str
) -> None:
    with database.writing(unhurried=True) as session:
        a_received(session, a_hall(session))
        session.execute(text(f"DROP TRIGGER {PREFIX}{table}_update"))
        session.execute(text(f"UPDATE {table} SET {change}"))
    with database.reading() as session:
        found = {one.code for one in fsck.differences(session) if one.where == "sittings"}
    assert code in found


@ONE_ENGINE
def test_both_sides_type_the_bags_on_their_pages_and_the_minute_says_what_was_found(
    hall: Hall, portal: Flask, database: Database, clock: At
) -> None:
    with database.writing(unhurried=True) as session:
        sitting = counted(session, hall)
    clock.set(OVER)
    invigilator = Person.at(portal, database, hall.invigilator, OVER)
    place = f"/staff/sittings/{sitting.public_id}"
    page = invigilator.get(f"{place}/hand-over")
    assert 'value="12"' in page  # a bag for the room is proposed with what was counted there
    bag: dict[str, Any] = {"bags-0-label": "Túi 1", "bags-0-scripts": "3", "bags-0-sheets": "12"}
    page = invigilator.post(f"{place}/hand-over", 422, **bag)
    assert "Một túi có nhãn, số niêm phong" in page
    invigilator.post(f"{place}/hand-over", 422, **bag | {"bags-0-seal_no": "BT-01", "bags-0-sheets": "11"})
    invigilator.post(f"{place}/hand-over", **bag | {"bags-0-seal_no": "bt-01"})
    assert "BT-01" in invigilator.get(f"{place}/scripts")
    masker = Person.at(portal, database, hall.masker, OVER)
    page = masker.get(f"{place}/receipt").partition("<main")[2]
    assert "Túi 1" in page
    assert "BT-01" not in page  # the receiver reads the seal, and counts without the declared numbers
    assert re.findall(r'name="bags-0-(scripts|sheets)" type="text" value=""', page) == ["scripts", "sheets"]
    assert re.findall(r"\b12\b", re.sub(r"<[^>]*>", " ", page)) == []
    seen: dict[str, Any] = {"bags-0-seal_no": "BT-01", "bags-0-intact": "no"}
    seen |= {"bags-0-scripts": "3", "bags-0-sheets": "12"}
    page = masker.post(f"{place}/receipt", 422, **seen)
    assert "niêm phong bị rách hoặc mang số khác" in page
    masker.post(f"{place}/receipt", **seen | {"bags-0-remark": "Rách mép khi vận chuyển"})
    with portal.test_request_context(), database.reading() as session:
        found = session.scalars(select(Sitting)).one()
        text_of = " ".join(
            " ".join(read(documents.of_sitting(session, found, OVER, name="handover"))).split()
        )
    assert "BT-01" in text_of
    assert "Rách mép khi vận chuyển" in text_of
    assert "Đỗ Thị Mai" in text_of


def receive(session: Session, hall: Hall, sitting: Sitting, **found: Any) -> ScriptHandover:
    """The masking board finds the bags as they were declared, but for this."""
    bags = as_declared(session, sitting, **found)
    return service.receive(session, hall.masker, OVER, sitting=sitting, bags=bags)
