# SPDX-License-Identifier: Apache-2.0
"""Who is answered what: every address, every role, own objects and other people's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.routing import Rule

from exam_portal.accounts.models import Account, AccountKind
from exam_portal.web import policy
from tests.architecture import matrix

REFUSALS = frozenset({303, 401, 403, 404})


@pytest.fixture(scope="module")
def stage(seeded: Path, catalogues: None) -> Iterator[matrix.Stage]:
    with matrix.staged(seeded) as made:
        yield made


@pytest.fixture(scope="module")
def readings(stage: matrix.Stage) -> list[matrix.Reading]:
    """Thousands of requests, made once."""
    return matrix.read(stage)


def test_readers_are_answered_as_reviewed(readings: list[matrix.Reading]) -> None:
    """When it differs, `./dev exec python -m tests.architecture.reference` rewrites it for review."""
    assert matrix.lines(readings) == matrix.FILE.read_text(encoding="utf-8").splitlines()


def test_no_address_fails_for_anybody(readings: list[matrix.Reading]) -> None:
    assert [one for one in readings if one.status == 500] == []


@pytest.mark.parametrize(("unit", "limit"), [("bytes", 150_000), ("questions", 50)])
def test_no_page_is_heavy(readings: list[matrix.Reading], unit: str, limit: int) -> None:
    """What the pages cost while 1,000 people have applied is measured by `./dev bench pages`."""
    pages = [one for one in readings if one.bytes]
    assert len(pages) > 300
    assert min(one.bytes for one in pages) > 10_000  # the styles alone
    assert [one for one in pages if getattr(one, unit) > limit] == []


def test_a_role_held_elsewhere_opens_no_object_here(stage: matrix.Stage) -> None:
    opened = [
        f"{rule.rule}: {person}"
        for rule in _with_objects(stage)
        for person in matrix.PERSONS[1:]
        if stage.status("GET", rule, person, elsewhere=True) not in REFUSALS
    ]
    assert opened == []


def test_an_act_is_refused_to_every_role_that_can_never_do_it(stage: matrix.Stage) -> None:
    done = [
        f"{rule.rule}: {person}"
        for rule, permission in matrix.acts(stage)
        for person in matrix.PERSONS
        if permission != policy.PUBLIC and not stage.can_ever(permission, person)
        if stage.status("POST", rule, person) not in REFUSALS
    ]
    assert done == []


def test_an_act_on_an_object_here_is_refused_to_every_role_held_elsewhere(stage: matrix.Stage) -> None:
    done = [
        f"{rule.rule}: {person}"
        for rule, permission in matrix.acts(stage)
        if permission != policy.PUBLIC and _has_object(stage, rule)
        for person in matrix.PERSONS[2:]
        if stage.status("POST", rule, person, elsewhere=True) not in REFUSALS
    ]
    assert done == []


def _with_objects(stage: matrix.Stage) -> list[Rule]:
    return [
        rule
        for rule in stage.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and policy.permission_of(stage.app, rule.endpoint) not in {policy.PUBLIC, None}
        and _has_object(stage, rule)
    ]


def _has_object(stage: matrix.Stage, rule: Rule) -> bool:
    return "<public_id:" in rule.rule


@pytest.mark.thorough
def test_no_address_fails_when_every_candidate_was_erased(
    stage: matrix.Stage, readings: list[matrix.Reading]
) -> None:
    """Comes last: nothing of a candidate can be read from here on."""
    with stage.database.reading() as session:
        keys = session.scalars(select(Account.key_id).where(Account.kind == AccountKind.CANDIDATE)).all()
    for key_id in keys:
        stage.database.keys.destroy(key_id)
    shown = [one for one in readings if one.status == 200]
    assert [one for one in shown if stage.status("GET", one.rule, one.person) == 500] == []
