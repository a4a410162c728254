# SPDX-License-Identifier: Apache-2.0
"""The jobs of item banks: examining files, comparing items with each other, taking large files in."""

from exam_portal.items import comparing, examining, taking

__all__ = ["comparing", "examining", "taking"]
