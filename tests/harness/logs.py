# SPDX-License-Identifier: Apache-2.0
"""Logs in tests: plain lines through the standard library; pytest shows them with the failing test."""

import structlog


def configure() -> None:
    """Have every event logged as one plain line; the default spends seconds on drawing each traceback."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
