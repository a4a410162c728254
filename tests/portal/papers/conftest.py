# SPDX-License-Identifier: Apache-2.0
"""The application on the rule sets of the repository, at the time of these tests."""

from tests.portal.papers.stage import app, board, clock, settings

__all__ = ["app", "board", "clock", "settings"]
