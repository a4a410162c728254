# SPDX-License-Identifier: Apache-2.0
"""Pages of results: masks, result sheets, publications, item analysis, standards; what the public reads."""

from exam_portal.results.routes import (
    corrections,
    documents,
    items,
    masks,
    own,
    public,
    publishing,
    sheets,
    standards,
    steps,
)
from exam_portal.results.routes.blueprint import bp

__all__ = [
    "bp",
    "corrections",
    "documents",
    "items",
    "masks",
    "own",
    "public",
    "publishing",
    "sheets",
    "standards",
    "steps",
]
