# SPDX-License-Identifier: Apache-2.0
"""The jobs of the panel, known to every process that enqueues or carries them out."""

from exam_portal.interviews import erasing

__all__ = ["erasing"]
