# SPDX-License-Identifier: Apache-2.0
"""A log line is one JSON object, and what must never stand in a log does not."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from exam_portal.core import telemetry
from exam_portal.core.database import Database
from exam_portal.core.settings import Log


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_ours_and_the_libraries_lines_have_one_shape(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(level="info"))
    structlog.get_logger("portal").info("sitting_started", sitting="s1")
    logging.getLogger("library").warning("odd %s", "thing")
    first, second = lines(capsys)
    assert (first["event"], first["level"], first["sitting"]) == ("sitting_started", "info", "s1")
    assert (second["event"], second["level"]) == ("odd thing", "warning")
    assert {"timestamp", "logger"} <= first.keys() & second.keys()


@pytest.mark.parametrize("key", sorted(telemetry.FORBIDDEN))
def test_answers_marks_and_names_are_withheld(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log())
    structlog.get_logger("portal").info("event", **{key: "canary"})
    assert lines(capsys)[0][key] == telemetry.WITHHELD


@pytest.mark.parametrize("shape", ["json", "console"])
@pytest.mark.parametrize("name", ["Canary", "Canary\n\nCanary"])
def test_a_refused_row_is_not_written_into_the_log_but_the_rule_is(
    database: Database, capsys: pytest.CaptureFixture[str], shape: Literal["json", "console"], name: str
) -> None:
    telemetry.configure(Log(format=shape))
    try:
        with database.writing() as session:
            session.execute(text("INSERT INTO organisations (name) VALUES (:name)"), {"name": name})
    except IntegrityError:
        structlog.get_logger("portal").error("fault", exc_info=True)
        logging.getLogger("library").exception("fault")
    written = capsys.readouterr().err
    assert "Canary" not in written
    assert written.count("INSERT INTO organisations") >= 2
    assert re.search("not-null constraint|NOT NULL constraint", written)


def test_what_is_harmless_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log())
    structlog.get_logger("portal").info("event", attempt="a1")
    assert lines(capsys)[0]["attempt"] == "a1"


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(level="warning"))
    structlog.get_logger("portal").info("quiet")
    structlog.get_logger("portal").warning("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]
