# SPDX-License-Identifier: Apache-2.0
"""The role of marking on PostgreSQL: made by the migration where it may be, asked for in words where not."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from sqlalchemy import text

from exam_portal.app import create_app
from exam_portal.core import confined_role, schema
from exam_portal.core.confined_role import MarkingRoleMissing
from exam_portal.core.confinement import confine
from exam_portal.core.database import Database, is_outage
from exam_portal.core.private_postgres import PrivateCluster
from exam_portal.core.settings import Settings
from tests.harness.databases import settings_in

pytestmark = pytest.mark.postgres


@pytest.fixture
def administrator(postgres_cluster: PrivateCluster) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """Who may make roles."""
    address = f"postgresql://portal@127.0.0.1:{postgres_cluster.port}/postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def poor(
    postgres_cluster: PrivateCluster, administrator: "psycopg.Connection[object]", tmp_path: Path
) -> Iterator[Settings]:
    """An empty database of an account that may make no roles, and a role that nobody has made."""
    name = f"poor_{os.getpid()}"
    administrator.execute(f"CREATE ROLE {name} LOGIN")
    administrator.execute(f"CREATE DATABASE {name} OWNER {name}")
    url = postgres_cluster.url(name).replace("portal@", f"{name}@")
    try:
        yield settings_in(
            tmp_path / "poor",
            database={"url": url, "long_writes": "raise", "marking_role": f"{name}_marking"},
        )
    finally:
        postgres_cluster.drop_database(name)
        administrator.execute(f"DROP ROLE IF EXISTS {name}_marking")
        administrator.execute(f"DROP ROLE {name}")


def role_problem(settings: Settings) -> str:
    """What the readiness page would say."""
    with schema.opened(settings) as database, database.reading() as session:
        return confined_role.problem(session.connection(), settings.database.marking_role)


def test_who_may_make_no_role_is_told_what_an_administrator_runs_and_then_migrates(
    poor: Settings, administrator: "psycopg.Connection[object]"
) -> None:
    role = poor.database.marking_role
    with pytest.raises(MarkingRoleMissing, match=f"CREATE ROLE {role} NOLOGIN; GRANT {role} TO"):
        schema.upgrade(poor)
    administrator.execute(f"CREATE ROLE {role} NOLOGIN")
    administrator.execute(f"GRANT {role} TO poor_{os.getpid()}")
    schema.upgrade(poor)
    assert role_problem(poor) == ""
    schema.upgrade(poor)
    assert role_problem(poor) == ""


def test_without_the_role_pages_of_marking_answer_nothing_and_the_readiness_page_says_why(
    poor: Settings, administrator: "psycopg.Connection[object]", catalogues: None
) -> None:
    role, owner = poor.database.marking_role, f"poor_{os.getpid()}"
    administrator.execute(f"CREATE ROLE {role} NOLOGIN")
    administrator.execute(f"GRANT {role} TO {owner}")
    schema.upgrade(poor)
    administrator.execute(f"REVOKE {role} FROM {owner}")
    assert role_problem(poor) == "missing"
    with schema.opened(poor) as database:
        with database.reading() as session:
            confine(session)
            with pytest.raises(Exception, match=role) as refusal:
                session.execute(text("SELECT 1"))
        assert is_outage(refusal.value)
        with database.reading() as session:
            assert session.scalar(text("SELECT current_user")) == owner
        answer = create_app(poor, database).test_client().get("/readyz")
        told = answer.get_json()["problems"]
        assert (answer.status_code, told) == (503, ["marking role"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("GRANT SELECT ON candidates TO {role}", "beyond candidates"),
        ("GRANT SELECT (candidate_no) ON candidates TO {role}", "beyond candidates"),
        ("GRANT SELECT ON seats TO PUBLIC", "beyond seats"),
        ("GRANT portal TO {role}", "beyond accounts"),
        ("REVOKE ALL ON marks FROM {role}", "without marks"),
        ("REVOKE INSERT ON mark_drafts FROM {role}", "without mark_drafts"),
    ],
)
def test_a_role_that_reaches_more_or_less_than_it_should_is_named(
    new_postgres_database: Callable[..., str], postgres_template: str, tmp_path: Path, change: str, told: str
) -> None:
    url = new_postgres_database(postgres_template)
    settings = settings_in(tmp_path / "changed", url=url)
    role = settings.database.marking_role
    assert role_problem(settings) == ""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(change.format(role=role))
        try:
            assert role_problem(settings) == told
        finally:
            connection.execute("REVOKE portal FROM " + role)


@pytest.mark.parametrize(("version", "how"), [((15, 14), "MEMBER"), ((16, 0), "SET"), ((17, 2), "SET")])
def test_from_16_on_the_right_to_take_a_role_on_is_asked_apart_from_membership(
    version: tuple[int, int], how: str
) -> None:
    asked: list[str] = []

    class Server:
        dialect = SimpleNamespace(server_version_info=version)

        def scalar(self, _: object, given: dict[str, str]) -> bool:
            asked.append(given["how"])
            return True

    assert confined_role._may_take_on(cast("Any", Server()), "portal_marking")
    assert asked == [how]


def test_the_session_runs_under_the_role_and_the_connection_does_not(
    new_postgres_database: Callable[..., str], postgres_template: str, tmp_path: Path
) -> None:
    url = new_postgres_database(postgres_template)
    database = Database(settings_in(tmp_path / "one", url=url))
    who = text("SELECT current_user")
    try:
        with database.writing() as session:
            assert session.scalar(who) == "portal"
            confine(session)
            assert session.scalar(who) == database.settings.database.marking_role
        with database.writing() as session:
            assert session.scalar(who) == "portal"
    finally:
        database.dispose()
