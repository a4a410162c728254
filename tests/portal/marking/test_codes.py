# SPDX-License-Identifier: Apache-2.0
"""Codes at the desk: each stage has its own, none tells of registration, and a dump tells nothing."""

import itertools
from collections.abc import Sequence

import pytest
from flask import Flask

from exam_portal.core.database import Database
from exam_portal.marking import order, own_work, presentation, queries
from exam_portal.sittings import handover, masking
from exam_portal.sittings.models import MaskedScript, Script
from scoring.rounding import plain
from tests.portal.competitions.pages import Person
from tests.portal.marking.builders import MARKED, Office, assign, desk_of, give, many
from tests.portal.marking.typed import a_typed_office

pytestmark = pytest.mark.engines("sqlite")
STAGES = (1, 2, 3)
SUSPICIOUS = 45.0  # chi-square with one degree of freedom: by chance once in 10^10
MANY = 4000  # codes, of which it finds as weak a tie as 24.0 does of two thousand


def test_markers_of_two_stages_have_no_code_and_no_address_in_common(database: Database) -> None:
    office = a_typed_office(database, people=3)
    with database.reading() as session:
        met = {stage: handover.scripts_at_desk(session, office.bag, stage) for stage in STAGES}
        listed = handover.scripts(session, office.bag.id)
    assert all({one.id for one in scripts} == {one.id for one in listed} for scripts in met.values())
    seen = [listed, *met.values()]
    for ours, theirs in itertools.combinations(seen, 2):
        assert {one.mask_code for one in ours}.isdisjoint(one.mask_code for one in theirs)
        assert {one.public_id for one in ours}.isdisjoint(one.public_id for one in theirs)


def test_the_desk_knows_a_script_by_the_address_of_its_own_stage_alone(
    portal: Flask, database: Database
) -> None:
    office = a_typed_office(database)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        assign(session, office, 1, 2)
    first, second = (Person.at(portal, database, actor, MARKED) for actor in office.markers[:2])
    for person, own, others in ((first, 1, (2, 3)), (second, 2, (1, 3))):
        page = person.get(desk_of(database, office, round=own))
        assert not [script.mask_code for script in office.scripts if script.mask_code in page]
        for other in others:
            person.get(desk_of(database, office, round=other), 404)
        main = f"/marking/bags/{office.bag.public_id}/scripts/{office.scripts[0].public_id}"
        person.get(main, 404)


def test_the_record_and_the_lists_after_the_lock_know_the_script_by_its_one_code(database: Database) -> None:
    office = a_typed_office(database, with_rubric=False)
    with database.writing(unhurried=True) as session:
        assign(session, office, 0, 1)
        give(session, office, 0, 0, "60")
        row = presentation.marked(session, [office.bag])[0]
        (entry,) = queries.marks_of_bag(session, office.bag.id)[office.scripts[0].id]
        assert plain(entry.value) == "60"
        at_desk = handover.scripts_at_desk(session, office.bag, 1)
        code = next(one.mask_code for one in at_desk if one.id == office.scripts[0].id)
        assert row.script.mask_code == office.scripts[0].mask_code
        assert row.desk_codes == {1: code}


def test_scripts_on_paper_keep_the_code_that_is_glued_on_them(database: Database, office: Office) -> None:
    with database.reading() as session:
        for stage in STAGES:
            assert tuple(handover.scripts_at_desk(session, office.bag, stage)) == office.scripts


def test_each_marker_has_an_order_of_the_own_that_stays(database: Database) -> None:
    office = a_typed_office(database, people=8)
    with database.reading() as session:
        orders = {}
        for round_, marker in ((1, 0), (2, 1), (2, 2)):
            account_id = office.markers[marker].account_id
            assert account_id is not None
            twice = [
                [task.script.id for task in own_work.tasks(session, office.bag, round_, account_id)]
                for _ in (1, 2)
            ]
            assert twice[0] == twice[1]
            by_code = sorted(
                handover.scripts_at_desk(session, office.bag, round_), key=lambda one: one.mask_code
            )
            own = [
                order.shuffled(session, office.bag, round_, account_id, one)
                for one in (by_code, many(office))
            ]
            assert twice[0] == [script.id for script in own[0]]
            orders[marker] = tuple(script.id for script in own[1])
    assert len(set(orders.values())) == 3


def halves(later_in_order: list[bool]) -> float:
    """Chi-square of two by two: registered early or late, against early or late in the order of codes."""
    count = len(later_in_order)
    both = sum(later_in_order[count // 2 :])
    expected = count / 4
    cells = (both, count / 2 - both, count / 2 - both, both)
    return sum((cell - expected) ** 2 / expected for cell in cells)


def late_half(codes: list[str]) -> list[bool]:
    """Of codes in the order of registration, which lie in the later half of the order of codes."""
    middle = sorted(codes)[len(codes) // 2]
    return [code >= middle for code in codes]


def test_the_order_of_codes_says_nothing_of_the_order_of_registration(database: Database) -> None:
    with database.writing() as session:
        key_id = session.keys.create()
        key = session.keys.subkey(key_id, masking.CONTEXT)
        for stage in STAGES:
            codes = [masking.names_under(key, f"{number:026d}", stage)[0] for number in range(MANY)]
            assert len(set(codes)) == len(codes)
            assert halves(late_half(codes)) < SUSPICIOUS
    assert halves(late_half([masking.new_code() for _ in range(MANY)])) < SUSPICIOUS
    assert halves(late_half([f"{number:010d}" for number in range(MANY)])) > SUSPICIOUS


def recovered(
    rows: Sequence[MaskedScript], scripts: Sequence[Script], salts: Sequence[bytes]
) -> dict[str, str]:
    """What somebody joins who has these rows and tries these salts with every code and every script."""
    return {
        row.mask_code: script.public_id
        for row, script, salt in itertools.product(rows, scripts, salts)
        if masking.commitment_of(salt, script.public_id, row.mask_code) == row.commitment
        or script.public_id.encode() in row.sealed_mapping
    }


def test_t40_a_dump_of_the_database_joins_no_code_to_a_script_and_the_key_does(database: Database) -> None:
    office = a_typed_office(database, people=4)
    with database.reading() as session:
        rows = session.query(MaskedScript).order_by(MaskedScript.id).all()
        scripts = session.query(Script).order_by(Script.id).all()
        key_id = masking.key_of(session, office.bag.competition_id, "written", "marking")
        stored = [row.script_index for row in rows] + [row.commitment for row in rows]
        assert recovered(rows, scripts, [b"", bytes(32), *stored]) == {}
        opened = [masking.opening_of(session, row, key_id) for row in rows]
        salts = [bytes.fromhex(one["salt"]) for one in opened]
        truth = {row.mask_code: one["public_id"] for row, one in zip(rows, opened, strict=True)}
        assert recovered(rows, scripts, salts) == truth
        assert [row.mask_code for row in rows] == sorted(row.mask_code for row in rows)
