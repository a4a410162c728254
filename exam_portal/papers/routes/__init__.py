# SPDX-License-Identifier: Apache-2.0
"""The pages of papers: where each stands, drawing, sealing and opening, envelopes, minutes."""

from exam_portal.papers.routes import (
    copies,
    documents,
    drawing,
    draws,
    envelopes,
    errata,
    papers,
    revealing,
    sealing,
    shares,
)
from exam_portal.papers.routes.blueprint import bp

__all__ = [
    "bp",
    "copies",
    "documents",
    "drawing",
    "draws",
    "envelopes",
    "errata",
    "papers",
    "revealing",
    "sealing",
    "shares",
]
