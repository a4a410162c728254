# SPDX-License-Identifier: Apache-2.0
"""The jobs of papers: drawing them, and telling banks what was held."""

from exam_portal.papers import draw_job, exposure

__all__ = ["draw_job", "exposure"]
