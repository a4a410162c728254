# SPDX-License-Identifier: Apache-2.0
"""The jobs of results: letters to the candidates when something is published, and analyses of items."""

from exam_portal.results import analysing, letters

__all__ = ["analysing", "letters"]
