# SPDX-License-Identifier: Apache-2.0
"""Pages of the sittings: the candidate's player, and the desks of those who hold the room."""

from flask import Blueprint

bp = Blueprint("sittings", __name__)

from exam_portal.sittings.routes import answers, player  # noqa: E402 - they add to the blueprint

__all__ = ["answers", "bp", "player"]
