# SPDX-License-Identifier: Apache-2.0
"""The analysis of a test's items, from the marked test to the page, the bank's history and the check."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import delete, select, text

from exam_portal import background
from exam_portal.audit.models import Leaf
from exam_portal.core import outbox
from exam_portal.core.actors import Actor, Role
from exam_portal.core.database import Database
from exam_portal.core.triggers import PREFIX
from exam_portal.items import fsck as items_fsck
from exam_portal.items import imports, service
from exam_portal.items.models import ItemBank, ItemStatistic, ItemVersion
from exam_portal.papers.models import Paper, PaperForm
from exam_portal.results import errors, item_analysis, item_pages
from exam_portal.results import fsck as results_fsck
from exam_portal.results.models import ItemAnalysis
from exam_portal.sittings.models import Sitting
from question_bank.item import Item, native, unrecognisable
from tests.harness import live
from tests.harness.browser import Album
from tests.portal.competitions.builders import a_member, holding
from tests.portal.competitions.pages import At, Person, grant
from tests.portal.papers import builders as bank_builders
from tests.portal.reading import Shown, read_page, read_pages, reader
from tests.portal.results.test_pages import clock, portal
from tests.portal.sittings.attempts import builders as attempt_builders
from tests.portal.sittings.builders import LISTED, MINUTE, START, Hall, a_hall, here
from tests.portal.sittings.computers import mark_tests, player_at, rules_with_a_test, running, seal_all

__all__ = ["clock", "portal"]
OVER = START + 120 * MINUTE
PEOPLE = 12


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A test of three items that was answered and marked, and who may see how its items did."""

    hall: Hall
    bank_id: int
    setter: Actor
    marker: Actor


def marked(database: Database, people: int) -> Marked:
    """The first half has everything right; the last item of the three is restricted."""
    fields = [bank_builders.a_choice(number) for number in (1, 2)]
    fields.append(bank_builders.a_choice(3, restricted=True))
    items = bank_builders.read(fields)
    seed = bytes(32)
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, people=people, ruleset=rules_with_a_test())
        setter = holding(
            a_member(session, "de.thi", "Phạm Thu Hà"), Role.SETTING_BOARD, hall.house.organisation
        )
        marker = holding(a_member(session, "cham.thi", "Đỗ Quang Huy"), Role.MARKER, hall.house.organisation)
        bank = service.open_bank(
            session, setter, LISTED, organisation_id=hall.house.organisation.id, title="Ngân hàng"
        )
        for row in imports.incoming(session.keys, bank.key_id, items):
            service.write_item(session, setter, LISTED, bank=bank, item=row, is_new=True)
        natives = [dict(native(unrecognisable(item, seed))) for item in items]
        form = attempt_builders.a_form(items=natives)
        sitting = running(session, hall, part="test", form=form, capacity=people)
        session.execute(select(Paper)).scalars().one().bank_id = bank.id
        for actor in (setter, marker, hall.house.chair):
            grant(session, actor, hall.house.organisation.id, LISTED)
        bank_id = bank.id
        session.refresh(hall.house.organisation)
    right = {item.id: _right(item) for item in form.items}
    wrong = {item.id: _wrong(item) for item in form.items}
    for number, seat in enumerate(sitting.seats):
        player = player_at(database, seat, START + MINUTE)
        for item in form.items[: 2 if number % 3 else 3]:
            chosen = right if number < people // 2 else wrong
            player.answer(chosen[item.id], item=item.id)
    with database.writing(unhurried=True) as session:
        ended = session.get_one(Sitting, sitting.id)
        seal_all(session, hall.invigilator, START + 62 * MINUTE, ended)
        assert mark_tests(session, hall.invigilator, OVER, ended) == people
    return Marked(hall=hall, bank_id=bank_id, setter=setter, marker=marker)


def _right(item: Item) -> str:
    return next(str(option.id) for option in _options(item) if option.fraction == 1)


def _wrong(item: Item) -> str:
    return next(str(option.id) for option in _options(item) if option.fraction != 1)


def _options(item: Item) -> Sequence[Any]:
    return item.body.options  # type: ignore[attr-defined,no-any-return]


def analysed(database: Database, found: Marked) -> str:
    """The analysis has been asked for and computed; return its public id."""
    background.load_handlers()
    with database.writing() as session:
        competition = here(session, found.hall)
        asked = item_analysis.ask(session, found.setter, OVER, competition=competition, part="test")
        public_id = asked.public_id
    carry_out(database)
    return public_id


def carry_out(database: Database) -> None:
    """The job that waits is tried once."""
    wanted = select(outbox.OutboxRow.id).where(outbox.OutboxRow.kind == item_analysis.JOB)
    with database.reading() as session:
        row_id = session.scalars(wanted).one()
    outbox.perform(database, row_id, lambda: OVER)


def take_in_another_key(database: Database, found: Marked) -> None:
    """The first item comes in anew with its key corrected; version and words stay as they were."""
    fields = bank_builders.a_choice(1)
    for option in fields["options"]:
        option["fraction"] = "0" if option["fraction"] == "1" else "1"
    fields["options"] = fields["options"][:2]
    with database.writing() as session:
        bank = session.get_one(ItemBank, found.bank_id)
        (row,) = imports.incoming(session.keys, bank.key_id, bank_builders.read([fields]))
        service.write_item(session, found.setter, OVER, bank=bank, item=row, is_new=False)


@pytest.mark.engines("sqlite")
def test_from_a_marked_test_to_the_page_and_the_history_of_the_bank(
    portal: Flask, database: Database, clock: At
) -> None:
    found = marked(database, PEOPLE)
    clock.set(OVER)
    setter = Person.at(portal, database, found.setter, OVER)
    place = f"/staff/competitions/{found.hall.competition.public_id}/results/items"
    assert "có thể phân tích" in setter.get(place)
    take_in_another_key(database, found)
    analysis = analysed(database, found)
    page = setter.get(f"{place}/{analysis}")
    assert "<svg" in page
    assert page.count("0,500") >= 2  # the facility of the first two
    assert "Ủy ban nhân dân 1" in page
    assert "Ủy ban nhân dân 3" not in page  # restricted: figures alone
    assert "Q-0003" in page
    assert 'style="' not in page.split("<svg")[1].split("</svg>")[0]
    with database.reading() as session:
        rows = session.scalars(select(ItemStatistic)).all()
        bank = session.get_one(ItemBank, found.bank_id).public_id
        told = session.scalars(select(Leaf).where(Leaf.type == "items.statistics_kept")).one()
        assert told.content["count"] == len(rows) == 3
        assert {row.persons for row in rows} == {PEOPLE}
        assert {session.get_one(ItemVersion, row.item_version_id).version for row in rows} == {1}
        public_id = session.get_one(ItemVersion, rows[0].item_version_id).item.public_id
    assert "Kết quả qua các ca thi" in setter.get(f"/staff/banks/{bank}/items/{public_id}")


@pytest.mark.engines("sqlite")
def test_a_question_of_another_bank_with_the_same_code_has_no_words_of_this_one(
    portal: Flask, database: Database
) -> None:
    found = marked(database, PEOPLE)
    public_id = analysed(database, found)
    with database.reading() as session, portal.test_request_context("/"):
        wanted = select(ItemAnalysis).where(ItemAnalysis.public_id == public_id)
        analysis = session.scalars(wanted).one()
        (form,) = item_pages.forms(session, found.setter, analysis)
        assert [row.stem != "" for row in form.rows] == [True, True, False]  # the third is restricted
        assert analysis.content is not None
        held = [{**each, "bank": "another"} for each in analysis.content["forms"]]
        session.expunge(analysis)
        analysis.content = {**analysis.content, "forms": held}
        (form,) = item_pages.forms(session, found.setter, analysis)
        assert {row.stem for row in form.rows} == {""}


@pytest.mark.engines("sqlite")
def test_who_may_not_open_the_bank_reads_figures_without_words_and_a_marker_nothing(
    portal: Flask, database: Database, clock: At
) -> None:
    found = marked(database, PEOPLE)
    clock.set(OVER)
    analysis = analysed(database, found)
    place = f"/staff/competitions/{found.hall.competition.public_id}/results/items"
    page = Person.at(portal, database, found.hall.house.chair, OVER).get(f"{place}/{analysis}")
    assert "Q-0001" in page
    assert "Ủy ban nhân dân" not in page
    assert bank_builders.CANARY not in page
    marker = Person.at(portal, database, found.marker, OVER)
    assert marker.client.get(f"{place}/{analysis}").status_code in {403, 404}
    assert marker.client.get(place).status_code in {403, 404}


def test_an_analysis_that_failed_says_why_and_is_tried_again_by_hand(
    portal: Flask, database: Database, clock: At
) -> None:
    found = marked(database, PEOPLE)
    clock.set(OVER)
    setter = Person.at(portal, database, found.setter, OVER)
    place = f"/staff/competitions/{found.hall.competition.public_id}/results/items"
    with database.reading() as session:
        key_id = session.scalars(select(PaperForm.key_id)).one()
        (key,) = session.keys.directory.rglob(f"{key_id}*")
    kept = key.read_bytes()
    key.unlink()
    analysis = f"{place}/{analysed(database, found)}"
    assert "không thành công" in setter.get(place)
    body = setter.get(analysis)
    assert "data-running" not in body
    assert "Nội dung này đã được xóa" in body
    assert "Đã thử 1 lần" in body
    chair = Person.at(portal, database, found.hall.house.chair, OVER)
    assert f"{analysis}/again" in chair.get(analysis)

    key.write_bytes(kept)
    body = setter.post(f"{analysis}/again")
    assert "data-running" in body
    assert "/again" not in body
    setter.post(f"{analysis}/again", status=409)  # it runs
    carry_out(database)
    assert "<svg" in setter.get(analysis)
    setter.post(f"{analysis}/again", status=409)  # it is there
    with database.reading() as session:
        told = session.scalars(select(Leaf).where(Leaf.type == "results.item_analysis_repeated")).one()
        assert told.content["after"] == "KeyErased"


def test_an_analysis_whose_job_is_gone_is_asked_for_anew(database: Database) -> None:
    found = marked(database, 4)
    background.load_handlers()
    with database.writing() as session:
        competition = here(session, found.hall)
        asked = item_analysis.ask(session, found.setter, OVER, competition=competition, part="test")
        session.execute(delete(outbox.OutboxRow))
        assert item_analysis.standing(session, asked) is None
        item_analysis.repeat(session, found.setter, OVER, analysis=asked)
    carry_out(database)
    with database.reading() as session:
        assert session.scalars(select(ItemAnalysis)).one().computed_at == OVER


@pytest.mark.engines("sqlite")
def test_of_a_few_people_nothing_is_kept_and_the_page_says_why(
    portal: Flask, database: Database, clock: At
) -> None:
    found = marked(database, 4)
    clock.set(OVER)
    analysis = analysed(database, found)
    place = f"/staff/competitions/{found.hall.competition.public_id}/results/items"
    page = Person.at(portal, database, found.setter, OVER).get(f"{place}/{analysis}")
    assert "quá ít" in page
    assert "Q-0001" not in page
    with database.reading() as session:
        assert session.scalars(select(ItemStatistic)).all() == []
        content = session.scalars(select(ItemAnalysis)).one().content
    assert content is not None
    assert [form["items"] for form in content["forms"]] == [[]]


@pytest.mark.engines("sqlite")
def test_it_is_asked_for_once_and_not_before_all_is_marked(database: Database) -> None:
    with database.writing(unhurried=True) as session:
        hall = a_hall(session, mark="b", ruleset=rules_with_a_test())
        with pytest.raises(errors.NothingToAnalyse):
            item_analysis.ask(session, hall.house.chair, OVER, competition=here(session, hall), part="test")
    found = marked(database, 4)
    analysed(database, found)
    with database.writing() as session:
        competition = here(session, found.hall)
        with pytest.raises(errors.NothingToAnalyse):
            item_analysis.ask(session, found.setter, OVER, competition=competition, part="test")


@pytest.mark.engines("sqlite")
def test_the_check_names_a_changed_analysis_and_a_changed_history(database: Database) -> None:
    found = marked(database, PEOPLE)
    analysed(database, found)

    def differences() -> set[tuple[str, str]]:
        with database.reading() as session:
            checks = (items_fsck.differences, results_fsck.differences)
            return {(each.where, each.code) for check in checks for each in check(session)}

    sound = differences()
    assert not {("items", "statistics"), ("results", "item analysis")} & sound
    with database.writing() as session:
        for table in ("item_statistics", "item_analyses"):
            session.execute(text(f"DROP TRIGGER {PREFIX}{table}_update"))
        session.execute(text("UPDATE item_statistics SET persons = 99"))
        session.execute(text("UPDATE item_analyses SET content = '{}'"))
    assert {("items", "statistics"), ("results", "item analysis")} <= differences()


@pytest.mark.journey
@pytest.mark.engines("sqlite")
def test_the_pages_of_an_analysis_read_well_wide_and_narrow(
    portal: Flask, database: Database, clock: At, new_person: Callable[..., Page], album: Album
) -> None:
    found = marked(database, 32)
    clock.set(OVER)
    place = f"/staff/competitions/{found.hall.competition.public_id}/results/items"
    with live.serving(portal) as base:
        page = reader(portal, database, OVER, new_person, base, "vi", found.setter)
        page.goto(place)
        page.get_by_role("button", name="Phân tích câu hỏi").click()
        read_page(page, album, "item-analysis-running")
        carry_out(database)
        page.locator(".ep-plot").wait_for()  # the page shows it by itself
        analysis = page.url
    pages: list[Shown] = [
        ("item-analyses", found.setter, place),
        ("item-analysis", found.setter, place + analysis.removeprefix(base + place)),
    ]
    with database.reading() as session:
        row = session.scalars(select(ItemStatistic)).first()
        assert row is not None
        bank = session.get_one(ItemBank, found.bank_id).public_id
        item = session.get_one(ItemVersion, row.item_version_id).item.public_id
    pages.append(("item-with-history", found.setter, f"/staff/banks/{bank}/items/{item}"))
    read_pages(portal, database, OVER, new_person, album, pages)


def test_items_that_would_cover_each_other_share_a_dot() -> None:
    def row(number: int, x: int | None, y: int | None) -> item_pages.ItemRow:
        shown: dict[str, Any] = {"stem": "", "href": "", "figures": {}, "options": (), "advice": ()}
        return item_pages.ItemRow(number=number, id=f"Q-{number}", x=x, y=y, **shown)

    places = [(100, 50), (100, 50), (105, 55), (200, 50), (None, None), (205, 45)]
    rows = [row(number, x, y) for number, (x, y) in enumerate(places, start=1)]
    form = item_pages.FormPage(code="101", kind="official", persons=60, test=None, model=None, rows=rows)
    assert [(dot.x, dot.label) for dot in form.dots] == [(100, "3×"), (200, "4,6")]
