# SPDX-License-Identifier: Apache-2.0
"""Logs as JSON and figures for a monitor; never an answer, a mark or a name."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from prometheus_client import Gauge, Histogram

from exam_portal.core.settings import Log

WITHHELD: Final = "[withheld]"
FORBIDDEN: Final = frozenset(
    {
        "address",
        "answer",
        "answers",
        "ballot",
        "birth_date",
        "code",
        "cookie",
        "email",
        "full_name",
        "identity_number",
        "mark",
        "marks",
        "password",
        "payload",
        "phone",
        "response",
        "score",
        "scores",
        "secret",
        "text",
        "token",
        "total",
    }
)
DETAIL: Final = re.compile(  # the rows and keys of a PostgreSQL error, which are people's
    r"\n[ |]*DETAIL:.*?(?=\n[ |]*\[SQL|\n[ |]*\n[ |]*(?:The above|During handling)|\Z)", re.DOTALL
)
LIBRARIES: Final = ("huey", "weasyprint", "fontTools", "alembic", "PIL", "asyncio")

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
WRITER_SECONDS = Histogram("portal_writer_held_seconds", "How long the writer was held", buckets=BUCKETS)
BATCH = Histogram("portal_commit_batch", "Works in one commit", buckets=(1, 2, 5, 10, 25, 50, 100, 250))
OUTBOX_WAITING = Gauge("portal_outbox_waiting", "Side effects that are due")
OUTBOX_POISONED = Gauge("portal_outbox_poisoned", "Side effects that failed too often")


def configure(settings: Log) -> None:
    """Have every line of this process, ours and the libraries', logged in one shape to standard error."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        withhold_rows,
        withhold,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(settings)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def withhold_rows(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take out of a traceback what PostgreSQL says of the row that it refused; which rule it broke stays."""
    if isinstance(written := event.get("exception"), str):
        event["exception"] = DETAIL.sub(f"\nDETAIL: {WITHHELD}", written)
    return event


def withhold(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace what must never stand in a log, however it got there."""
    for key in FORBIDDEN & event.keys():
        event[key] = WITHHELD
    return event


def _renderer(settings: Log) -> structlog.typing.Processor:
    if settings.format == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return structlog.processors.JSONRenderer(ensure_ascii=False)
