# SPDX-License-Identifier: Apache-2.0
"""Judges recommend a pass mark: alone, in rounds, after the sittings; nothing of it moves a mark."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, text

from exam_portal import background
from exam_portal.audit.models import Leaf
from exam_portal.core import outbox
from exam_portal.core.actors import Actor
from exam_portal.core.database import Database
from exam_portal.core.errors import NotFound
from exam_portal.core.triggers import PREFIX
from exam_portal.papers.models import PaperForm
from exam_portal.results import errors, standards, standards_record
from exam_portal.results.models import StandardSetting
from exam_portal.sittings import paper_times
from exam_portal.sittings.models import Sitting, SittingEvent
from tests.harness.browser import Album
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.reading import read_pages
from tests.portal.results.test_item_analysis import OVER, Marked, marked
from tests.portal.results.test_pages import clock, portal
from tests.portal.sittings.builders import LISTED, here

__all__ = ["clock", "portal"]
FIRST, SECOND = (90, 60, 30), (70, 40, 50)


@pytest.fixture
def held(database: Database) -> Marked:
    """A test that was held, and has ended."""
    paper_times.fill_hooks()
    background.load_handlers()
    found = marked(database, 2)
    with database.writing(unhurried=True) as session:
        sitting = session.scalars(select(Sitting)).one()
        by = found.hall.house.chair.account_id
        session.add(SittingEvent(sitting_id=sitting.id, kind="ended", payload={}, by=by, at=OVER))
        grant(session, found.hall.house.organiser, found.hall.house.organisation.id, LISTED)
    return found


def judges(found: Marked) -> tuple[Actor, Actor]:
    return found.setter, found.hall.house.chair


def begin(
    database: Database, found: Marked, appointed: tuple[Actor, ...] = (), method: str = "angoff"
) -> str:
    """The judges, two unless others are named, have been appointed; return the id of the standard."""
    with database.writing() as session:
        made = standards.begin(
            session,
            found.hall.house.organiser,
            OVER,
            competition=here(session, found.hall),
            form_id=session.scalars(select(PaperForm.id)).one(),
            judges=[one.account_id for one in appointed or judges(found) if one.account_id],
            method=method,
        )
        return made.public_id


def give(database: Database, judge: Actor, shares: tuple[int, ...]) -> None:
    with database.writing() as session:
        setting = session.scalars(select(StandardSetting)).one()
        wanted = dict(zip([item["id"] for item in setting.items], shares, strict=False))
        standards.estimate(session, judge, OVER, setting=setting, shares=wanted)


def typed(shares: tuple[int, ...]) -> dict[str, Any]:
    """The estimates as the page of a judge sends them."""
    return {f"share-{place}": str(share) for place, share in enumerate(shares)}


def compute(database: Database) -> None:
    wanted = select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == standards.JOB)
    with database.reading() as session:
        row_id = session.scalars(wanted).one()
    outbox.perform(database, row_id, lambda: OVER)


def test_two_judges_come_to_a_cut_with_its_error(database: Database, held: Marked) -> None:
    begin(database, held)
    one, other = judges(held)
    give(database, one, FIRST)
    with database.reading() as session:
        assert (
            session.scalars(select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == standards.JOB)).all()
            == []
        )
    give(database, other, SECOND)
    compute(database)
    with database.reading() as session:
        content = session.scalars(select(StandardSetting)).one().rounds[0].content
        assert content is not None
        # sums 1.8 and 1.6 of 3: mean 1.7, deviation 0.1414, divided by the root of two judges
        assert (content["cut"], content["maximum"], content["sd"]) == ("1.700", "3.000", "0.141")
        assert content["standard_error"] == "0.100"
        assert [row["mean"] for row in content["items"]] == ["0.800", "0.500", "0.400"]
        assert not list(standards_record.differences(session))
        told = session.scalars(select(Leaf).where(Leaf.type == "results.standard_estimated")).all()
        assert len(told) == 2
        assert all(str(leaf.content["shares"]).startswith("sha256:") for leaf in told)


def test_who_may_not_judge_or_too_early_or_twice_is_refused(database: Database, held: Marked) -> None:
    with database.writing() as session:
        form_id = session.scalars(select(PaperForm.id)).one()
        facts: dict[str, Any] = {"competition": here(session, held.hall), "form_id": form_id}
        organiser = held.hall.house.organiser
        with pytest.raises(errors.TooFewJudges):
            standards.begin(session, organiser, OVER, judges=[held.setter.account_id or 0], **facts)
    begin(database, held)
    one, other = judges(held)
    with pytest.raises(NotFound):
        give(database, held.marker, FIRST)
    for wrong in ((90, 60), (90, 60, 101), (90, 60, -1)):
        with pytest.raises(errors.EstimateIncomplete):
            give(database, one, wrong)
    give(database, one, FIRST)
    with pytest.raises(errors.RoundClosed):
        give(database, one, SECOND)
    with database.writing() as session:
        setting = session.scalars(select(StandardSetting)).one()
        for act in (standards.open_round, standards.conclude):
            with pytest.raises(errors.RoundRuns):
                act(session, held.hall.house.organiser, OVER, setting=setting)
    give(database, other, SECOND)
    compute(database)
    with database.writing() as session:
        standards.conclude(session, organiser, OVER, setting=session.scalars(select(StandardSetting)).one())
    with pytest.raises(errors.RoundClosed):
        give(database, one, FIRST)


def test_a_round_goes_on_without_a_judge_who_gave_nothing_and_leaves_nobody_out_who_did(
    database: Database, held: Marked
) -> None:
    one, other = judges(held)
    begin(database, held, (one, other, held.marker))
    give(database, one, FIRST)

    def excuse(judge: Actor) -> None:
        with database.writing() as session:
            standards.excuse(
                session,
                held.hall.house.organiser,
                OVER,
                setting=session.scalars(select(StandardSetting)).one(),
                account_id=judge.account_id or 0,
                reason="Đi công tác",
            )

    with pytest.raises(errors.JudgeHasSpoken):
        excuse(one)
    with pytest.raises(NotFound):
        excuse(held.hall.house.organiser)
    give(database, other, SECOND)
    excuse(held.marker)  # the last one awaited: the round is complete
    with pytest.raises(NotFound):
        excuse(held.marker)
    with pytest.raises(NotFound):
        give(database, held.marker, FIRST)
    compute(database)
    with database.writing() as session:
        setting = session.scalars(select(StandardSetting)).one()
        content = setting.rounds[0].content
        assert content is not None
        assert (content["judges"], content["cut"]) == (2, "1.700")
        told = [standards.are_told(setting, setting.rounds[0], who.account_id) for who in (one, held.marker)]
        assert told == [False, False]
        first = setting.rounds[0]
        assert standards.are_told(setting, first, held.hall.house.organiser.account_id)
        session.expunge(first)
        first.content = {**content, "judges": 3}
        assert standards.are_told(setting, first, one.account_id)
        session.expire(setting)
        assert not list(standards_record.differences(session))
        standards.open_round(session, held.hall.house.organiser, OVER, setting=setting)
    with pytest.raises(errors.TooFewJudges):
        excuse(other)


def test_no_judge_reads_a_form_while_a_sitting_lies_ahead(database: Database, held: Marked) -> None:
    begin(database, held)
    with database.writing() as session:
        sitting = session.scalars(select(Sitting)).one()
        later = {
            name: getattr(sitting, name) for name in ("competition_id", "part", "mode", "duration_seconds")
        }
        session.add(Sitting(starts_at=OVER, created_by=sitting.created_by, created_at=OVER, **later))
    with pytest.raises(errors.NotHeldYet):
        give(database, held.setter, FIRST)
    with database.reading() as session:
        setting = session.scalars(select(StandardSetting)).one()
        with pytest.raises(errors.NotHeldYet):
            standards.form_of(session, setting)
        assert standards.held_forms(session, here(session, held.hall), ["test"]) == []


@pytest.mark.engines("sqlite")
def test_the_check_names_estimates_rounds_and_judges_that_were_changed(
    database: Database, held: Marked
) -> None:
    begin(database, held)
    for judge, shares in zip(judges(held), (FIRST, SECOND), strict=True):
        give(database, judge, shares)
    compute(database)
    with database.writing() as session:
        for table in ("standard_estimates", "standard_rounds", "standard_judges"):
            session.execute(text(f"DROP TRIGGER {PREFIX}{table}_update"))
        session.execute(text("UPDATE standard_estimates SET shares = '{}'"))
        session.execute(text("UPDATE standard_rounds SET content = '{}'"))
        session.execute(text("UPDATE standard_judges SET account_id = 1 WHERE id = 1"))
        session.execute(
            text(
                "UPDATE standard_judges SET excused_by = 1, excused_at = :at, reason = 'x' WHERE id = 2"
            ).bindparams(at=str(OVER))
        )
    with database.reading() as session:
        found = {each.code for each in standards_record.differences(session)}
    assert {"estimate", "standard content", "standard", "standard excused"} <= found


@pytest.mark.engines("sqlite")
def test_the_pages_from_appointment_to_minutes(
    portal: Flask, database: Database, clock: At, held: Marked
) -> None:
    clock.set(OVER)
    place = f"/staff/competitions/{held.hall.competition.public_id}/results/standards"
    organiser = Person.at(portal, database, held.hall.house.organiser, OVER)
    setter = Person.at(portal, database, held.setter, OVER)
    chair = Person.at(portal, database, held.hall.house.chair, OVER)
    setter.get(f"{place}/new", status=403)
    assert place in organiser.get(f"/staff/competitions/{held.hall.competition.public_id}")  # among its rooms
    page = organiser.get(f"{place}/new")
    menu = page.partition('<nav class="ep-rooms')[2].partition("</nav>")[0]
    assert menu.count('aria-current="page"') == 1  # a room within a room is the one
    form = re.search(r'name="form"[^>]*value="([a-z2-7]{26})"', page)
    assert form is not None
    names = dict(
        re.findall(r'name="judges"[^>]*value="([a-z2-7]{26})"[^>]*>\s*<label[^>]*>\s*([^<]+?)\s*<', page)
    )
    wanted = [key for key, name in names.items() if name in {"Phạm Thu Hà", "Nguyễn Văn Hòa"}]
    few = {"form": form[1], "method": "angoff", "judges": wanted[:1]}
    assert "ít nhất hai" in organiser.post(f"{place}/new", status=422, **few)
    page = organiser.post(f"{place}/new", form=form[1], method="angoff", judges=wanted)
    assert "0/2" in page
    with database.reading() as session:
        address = f"{place}/{session.scalars(select(StandardSetting)).one().public_id}"
    organiser.get(f"{address}/judge", status=404)
    page = setter.get(f"{address}/judge")
    assert "Ủy ban nhân dân" in page
    assert "Đáp án" in page
    page = setter.post(f"{address}/judge", status=422, **{"share-0": "90", "share-1": "", "share-2": "x"})
    assert "Số nguyên từ 0 đến 100" in page
    setter.post(f"{address}/judge", **typed(FIRST))
    assert "90" not in re.sub(r"<[^>]+>", " ", chair.get(f"{address}/judge")).split()
    assert f"{address}/judge" in chair.get(place)
    assert f"{address}/judge" not in setter.get(place)
    chair.get(f"{address}/judge")
    chair.post(f"{address}/judge", **typed(SECOND))
    assert "data-running" in organiser.get(address)
    compute(database)
    assert "1,700 trên 3,000" in organiser.get(address)
    page = organiser.post(f"{address}/rounds")
    assert "Vòng 2 đang mở" in page
    own = setter.get(f"{address}/judge")
    assert "từ 0,700 đến 0,900" not in own  # it would say what the other one said
    assert "ít hơn ba chuyên gia" in own
    assert "1,700 trên 3,000" not in setter.get(address)
    organiser.get(f"{address}/minutes.pdf", status=409)  # nothing is concluded yet
    page = organiser.get(f"{address}/excuse")
    assert re.findall(r'name="judge"[^>]*value="(\d+)"', page) == ["0", "1"]
    sent = {"judge": "0", "reason": "Đi công tác"}
    assert "ít nhất hai" in organiser.post(f"{address}/excuse", status=422, **sent)
    for judge, shares in ((setter, FIRST), (chair, SECOND)):
        judge.post(f"{address}/judge", **typed(shares))
    compute(database)
    organiser.post(f"{address}/conclude")
    organiser.get(f"{address}/minutes.pdf")
    assert "1,700 trên 3,000" in setter.get(address)


@pytest.mark.journey
@pytest.mark.engines("sqlite")
def test_the_pages_of_judges_read_well_wide_and_narrow(
    portal: Flask, database: Database, clock: At, held: Marked, new_person: Callable[..., Page], album: Album
) -> None:
    clock.set(OVER)
    place = f"/staff/competitions/{held.hall.competition.public_id}/results/standards"
    organiser = held.hall.house.organiser
    read_pages(portal, database, OVER, new_person, album, [("standard-new", organiser, f"{place}/new")])
    address = f"{place}/{begin(database, held)}"
    read_pages(
        portal, database, OVER, new_person, album, [("standard-judge", held.setter, f"{address}/judge")]
    )
    for judge, shares in zip(judges(held), (FIRST, SECOND), strict=True):
        give(database, judge, shares)
    compute(database)
    shown = [
        ("standard", organiser, address),
        ("standards", held.setter, place),
        ("standard-excuse", organiser, f"{address}/excuse"),
    ]
    read_pages(portal, database, OVER, new_person, album, shown)
    with database.writing() as session:
        setting = session.scalars(select(StandardSetting)).one()
        standards.open_round(session, organiser, OVER, setting=setting)
    read_pages(
        portal, database, OVER, new_person, album, [("standard-again", held.setter, f"{address}/judge")]
    )


def test_a_judge_of_no_board_reads_no_restricted_question_and_nobody_after_the_conclusion(
    portal: Flask, database: Database, clock: At, held: Marked
) -> None:
    place = f"/staff/competitions/{held.hall.competition.public_id}/results/standards"
    place = f"{place}/{begin(database, held)}/judge"
    house = held.hall.house
    clock.set(OVER)
    chair, setter = (Person.at(portal, database, one, OVER) for one in (house.chair, held.setter))
    hidden = "hạn chế tiếp cận"
    assert chair.get(place).count(hidden) == 1
    assert hidden not in setter.get(place)
    assert place in chair.get(place.removesuffix("/judge"))
    for judge in judges(held):
        give(database, judge, FIRST)
    compute(database)
    with database.writing() as session:
        setting = session.scalars(select(StandardSetting)).one()
        standards.conclude(session, house.organiser, OVER, setting=setting)
    chair.get(place, 404)
    assert place not in chair.get(place.removesuffix("/judge"))  # no button leads there
