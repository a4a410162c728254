# SPDX-License-Identifier: Apache-2.0
"""Pages of reviews: the candidate's request, the counter's entry, the staff's answers."""

from exam_portal.appeals.routes import answering, entering, own
from exam_portal.appeals.routes.blueprint import bp

__all__ = ["answering", "bp", "entering", "own"]
