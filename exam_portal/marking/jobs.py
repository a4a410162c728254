# SPDX-License-Identifier: Apache-2.0
"""The jobs of marking: reports to whoever heads it."""

from exam_portal.marking.agreement import computing, likeness

__all__ = ["computing", "likeness"]
