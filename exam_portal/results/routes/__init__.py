# SPDX-License-Identifier: Apache-2.0
"""Pages of results: the masks, the result sheets, publications, what the public and the candidate read."""

from exam_portal.results.routes import documents, items, masks, own, public, publishing, sheets, steps
from exam_portal.results.routes.blueprint import bp

__all__ = ["bp", "documents", "items", "masks", "own", "public", "publishing", "sheets", "steps"]
