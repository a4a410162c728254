# SPDX-License-Identifier: Apache-2.0
"""The jobs of results: letters when something is published, analyses of items, rounds of judges."""

from exam_portal.results import analysing, judging, letters

__all__ = ["analysing", "judging", "letters"]
