# SPDX-License-Identifier: Apache-2.0
"""The pages of item banks: banks, their items, reviews, imports."""

from exam_portal.items.routes import alike, banks, imports, instruments, items, taking_out, writing
from exam_portal.items.routes.blueprint import bp

__all__ = ["alike", "banks", "bp", "imports", "instruments", "items", "taking_out", "writing"]
