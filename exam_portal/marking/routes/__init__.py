# SPDX-License-Identifier: Apache-2.0
"""The pages of marking: the desk, the board of those who run it, the typists' slips, the locked marks."""

from exam_portal.marking.routes import (
    agreement,
    board,
    desk,
    likeness,
    locked,
    locking,
    lots,
    phrases,
    reading,
    remarks,
    slips,
    training,
)
from exam_portal.marking.routes.blueprint import bp

__all__ = [
    "agreement",
    "board",
    "bp",
    "desk",
    "likeness",
    "locked",
    "locking",
    "lots",
    "phrases",
    "reading",
    "remarks",
    "slips",
    "training",
]
