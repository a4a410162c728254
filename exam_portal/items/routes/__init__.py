# SPDX-License-Identifier: Apache-2.0
"""The pages of item banks: banks, their items, reviews, imports."""

from exam_portal.items.routes import banks, imports, items, writing
from exam_portal.items.routes.blueprint import bp

__all__ = ["banks", "bp", "imports", "items", "writing"]
