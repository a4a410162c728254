# SPDX-License-Identifier: Apache-2.0
"""The jobs of results: letters to the candidates when something is published."""

from exam_portal.results import letters

__all__ = ["letters"]
