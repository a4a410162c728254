# SPDX-License-Identifier: Apache-2.0
"""A log line is one JSON object, and what must never stand in a log does not."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from exam_portal.core import telemetry
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


def test_what_is_harmless_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log())
    structlog.get_logger("portal").info("event", attempt="a1")
    assert lines(capsys)[0]["attempt"] == "a1"


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure(Log(level="warning"))
    structlog.get_logger("portal").info("quiet")
    structlog.get_logger("portal").warning("loud")
    assert [line["event"] for line in lines(capsys)] == ["loud"]
