# SPDX-License-Identifier: Apache-2.0
"""Items of a bank that are nearly the same, found by a job that somebody asks for."""

from werkzeug.wrappers import Response

from exam_portal.items import access, alike, comparing
from exam_portal.items.routes.blueprint import BANK, bp, to
from exam_portal.web import context, database, policy, templating


@bp.get(f"{BANK}/alike")
@policy.requires("items.see")
def alike_items(bank_id: str) -> str:
    """Show the newest comparison of the bank with itself."""
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.see")
    found = comparing.newest(session, bank.id)
    return templating.render(
        "items/alike.html",
        bank=bank,
        likeness=found,
        standing=comparing.standing(session, found),
        rows=alike.rows(session, found),
    )


@bp.post(f"{BANK}/alike")
@policy.requires("items.see")
def compare_items(bank_id: str) -> Response:
    """Have the items of the bank compared with each other."""
    with database.writer() as session:
        bank = access.load_bank(session, context.actor(), bank_id, "items.see")
        comparing.ask(session, context.actor(), context.now(), bank=bank)
    return to("alike_items", bank_id=bank_id)
