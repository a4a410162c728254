# SPDX-License-Identifier: Apache-2.0
"""Where people begin: candidates at what is theirs, staff at what waits for them."""

from exam_portal.admin import candidate_home
from exam_portal.admin import staff_home as waiting
from exam_portal.admin.routes.blueprint import bp
from exam_portal.web import context, database, policy, templating


@bp.get("/me")
@policy.requires("admin.own_home")
def own_home() -> str:
    """Show a candidate's applications, sittings and results, each with the one next act."""
    cards = candidate_home.cards(database.reader(), context.actor(), context.now())
    return templating.render("admin/own_home.html", cards=cards)


@bp.get("/staff")
@policy.requires("admin.staff_home")
def staff_home() -> str:
    """Show what waits for a member of staff, and where the competitions of the own places stand."""
    desk = waiting.desk(database.reader(), context.actor(), context.now())
    return templating.render("admin/staff_home.html", desk=desk)
