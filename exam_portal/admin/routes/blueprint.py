# SPDX-License-Identifier: Apache-2.0
"""The blueprint of the pages that span slices."""

from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from exam_portal.admin import navigation
from exam_portal.competitions import workspace
from exam_portal.web import chrome, hooks

PLACE = "/staff/competitions/<public_id:competition_id>"

bp = Blueprint("admin", __name__)


@bp.record_once
def _prepare(state: Any) -> None:
    """Every page has the menu of its reader; who signs in arrives at the own home."""
    chrome.fill(state.app, navigation=navigation.links, accessibility_href="/accessibility")
    state.app.extensions[hooks.EXTENSION].home = navigation.home


workspace.add_room(
    "admin.conflicts", _l("Declared relations"), "admin.see_conflicts", group=workspace.RECORD, order=903
)
workspace.add_room("admin.log", _l("Record of acts"), "admin.read_log", group=workspace.RECORD, order=910)
