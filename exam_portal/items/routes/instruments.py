# SPDX-License-Identifier: Apache-2.0
"""What a change of a legal instrument touches in a bank."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import TypeVar

import flask

from exam_portal.items import access, instruments, queries
from exam_portal.items.forms import InstrumentForm
from exam_portal.items.routes.blueprint import BANK, bp
from exam_portal.web import context, database, policy, templating

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Which page of a list is shown, of how many, and where the others are."""

    page: int
    last: int
    href: Callable[[int], str]


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
    shown, item_pages = _page(items, "page")
    shown_papers, paper_pages = _page(papers, "papers")
    return templating.render(
        "items/instruments.html",
        bank=bank,
        form=form,
        asked=asked,
        items=instruments.with_exposure(session, shown),
        papers=shown_papers,
        total=len(items),
        to_do=sum(each.outlives(form.day.data) for each in items) if asked else 0,
        item_pages=item_pages,
        paper_pages=paper_pages,
        day=form.day.data if asked else None,
    )


def _page(found: Sequence[T], name: str) -> tuple[Sequence[T], Pages]:
    """Return the part of the list that the address asks for under this name."""
    last = max(1, -(-len(found) // queries.PAGE))
    page = min(max(1, flask.request.args.get(name, 1, type=int)), last)
    kept = {**flask.request.args.to_dict(), **(flask.request.view_args or {})}

    def href(number: int) -> str:
        return flask.url_for("items.instrument_change", **{**kept, name: number})

    start = (page - 1) * queries.PAGE
    return found[start : start + queries.PAGE], Pages(page=page, last=last, href=href)
