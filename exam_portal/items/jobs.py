# SPDX-License-Identifier: Apache-2.0
"""The jobs of item banks: comparing items with each other."""

from exam_portal.items import comparing

__all__ = ["comparing"]
