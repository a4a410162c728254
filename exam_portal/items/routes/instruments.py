# SPDX-License-Identifier: Apache-2.0
"""What a change of a legal instrument touches in a bank."""

import flask

from exam_portal.items import access, instruments
from exam_portal.items.forms import InstrumentForm
from exam_portal.items.routes.blueprint import BANK, bp
from exam_portal.web import context, database, policy, templating


@bp.get(f"{BANK}/instruments")
@policy.requires("items.see")
def instrument_change(bank_id: str) -> str:
    """Show the items that rest on an instrument, and the papers in which they stood or may stand."""
    session = database.reader()
    bank = access.load_bank(session, context.actor(), bank_id, "items.see")
    form = InstrumentForm(flask.request.args, meta={"csrf": False})
    asked = bool(flask.request.args) and form.validate()
    items: list[instruments.Touched] = []
    papers: list[instruments.TouchedPaper] = []
    if asked:
        wanted = form.instrument.data or "", form.article.data or ""
        items = instruments.touched(session, bank, *wanted)
        papers = instruments.papers(session, bank, *wanted)
    return templating.render(
        "items/instruments.html",
        bank=bank,
        form=form,
        asked=asked,
        items=items,
        papers=papers,
        day=form.day.data if asked else None,
    )
