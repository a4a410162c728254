# SPDX-License-Identifier: Apache-2.0
"""T26: whatever somebody writes into a question, no page of staff runs it, and the player neither."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from exam_portal.core.database import Database
from exam_portal.items.models import Item, ItemBank, ItemImport
from exam_portal.registration.models import Candidate
from exam_portal.sittings.models import Seat, Sitting
from question_bank.item import native
from tests.harness import live
from tests.portal.competitions.builders import NOW
from tests.portal.items.importing import examined
from tests.portal.papers import builders
from tests.portal.papers.builders import Board
from tests.portal.papers.walking import sign_in
from tests.portal.reading import reader
from tests.portal.sittings.attempts import builders as attempt_builders

pytestmark = [pytest.mark.journey, pytest.mark.engines("sqlite")]
HIT = "window.hit=1"
ATTACKS = (
    f"<script>{HIT}</script>",
    f"<img src=x onerror={HIT}>",
    f'"><svg onload={HIT}>',
    f"' onmouseover='{HIT}' autofocus onfocus='{HIT}",
    f"[đọc](javascript:{HIT})",
    f'![x](data:image/png;base64,AAAA"onerror="{HIT})',
    f"<iframe srcdoc='<script>parent.{HIT}</script>'></iframe>",
    f"</textarea></title></style><script>{HIT}</script>",
    f'<a href="java&#9;script:{HIT}">x</a>',
    f"{{{{ 7 * 7 }}}} {{% {HIT} %}} ${{{HIT}}}",
    f"<math><mtext></mtext><style><img src=x onerror={HIT}></style></math>",
    f"```\n</code></pre><script>{HIT}</script>\n```",
)
EVENTS = (
    "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on')))"
)
LINKS = "[...document.querySelectorAll('[href],[src]')].map(e => e.href || e.src || '')"


def attacking(number: int, attack: str) -> dict[str, Any]:
    """A question whose every text is the attack."""
    return builders.a_choice(
        number,
        title=attack[:120],
        stem=f"**Q-{number:04d}**\n\n{attack}",
        options=[
            {"id": "a", "text": f"{attack} đúng", "fraction": "1", "feedback": attack},
            {"id": "b", "text": f"{attack} sai", "fraction": "0"},
        ],
        topics=[attack[:120]],
        tags=[attack[:60]],
        feedback=attack,
        source={"instrument": attack, "article": attack, "valid_from": None, "valid_to": None},
    )


def nothing_ran(page: Page) -> None:
    """No script of a text has run, none waits for an event or behind a link."""
    assert page.evaluate("window.hit") is None, page.url
    assert page.evaluate(EVENTS) == [], page.url
    assert not [
        link for link in page.evaluate(LINKS) if link.lower().startswith(("javascript:", "data:text"))
    ]


def test_t26_no_page_of_a_bank_runs_what_a_question_says(
    app: Flask, database: Database, board: Board, new_person: Callable[..., Page]
) -> None:
    with database.writing(unhurried=True) as session:
        bank = builders.a_bank(session, board, title=ATTACKS[0])
        items = [attacking(number, attack) for number, attack in enumerate(ATTACKS, start=1)]
        builders.fill(session, board, bank, items, file=f"{ATTACKS[1]}.json")
        builders.approve_all(session, board, bank)
        competition = builders.a_competition(session, board)
        bank_place = f"/staff/banks/{bank.public_id}"
        items_kept = session.scalars(select(Item).join(ItemBank).order_by(Item.id)).all()
        pages = ["/staff/banks", bank_place, f"{bank_place}?words=script", f"{bank_place}/alike"]
        pages += [
            f"{bank_place}/items/{item.public_id}{end}" for item in items_kept for end in ("", "/changes")
        ]
        pages += [f"{bank_place}/items/{items_kept[0].public_id}/edit"]
        pages += [f"{bank_place}/imports/{kept.public_id}" for kept in session.scalars(select(ItemImport))]
        place = f"/staff/competitions/{competition.public_id}/exam-papers"
        pages += [f"{place}/draw/written/official/{bank.public_id}"]
    changed = [attacking(number, attack) for number, attack in enumerate(reversed(ATTACKS), start=1)]
    author = sign_in(app, database, board.author)
    report = examined(author, bank_place.rpartition("/")[2], builders.a_file(changed), f"{ATTACKS[1]}.json")
    pages += [report, f"{report}?show=leaving", *(f"{report}/items/{n}" for n in range(1, len(changed) + 1))]
    assert len(items_kept) == len(ATTACKS)
    with live.serving(app) as base:
        page = reader(app, database, NOW, new_person, base, "vi", board.reviewer)
        for address in pages:
            answer = page.goto(address)
            assert answer is not None
            assert answer.ok, (address, answer.status)
            page.mouse.move(200, 400)
            page.keyboard.press("Tab")
            nothing_ran(page)


def test_t26_the_player_runs_nothing_that_a_question_says(
    app: Flask, database: Database, new_person: Callable[..., Page]
) -> None:
    items = builders.read([attacking(number, attack) for number, attack in enumerate(ATTACKS, start=1)])
    form = attempt_builders.a_form([dict(native(item)) for item in items], shuffle=False)
    with database.writing(unhurried=True) as session:
        attempt, sitting = attempt_builders.a_prepared_attempt(session, form=form)
        seat = session.get_one(Seat, attempt.seat_id)
        account_id = session.get_one(Candidate, seat.candidate_id).account_id
        token = attempt_builders.signed_in(session, account_id, NOW)
        address = f"/sit/{attempt.public_id}"
        sitting_id = sitting.id
    with live.serving(app) as base:
        page = new_person(base_url=base)
        page.context.add_cookies([{"name": "portal-session", "value": token, "url": base}])
        page.goto(address)
        page.locator("main button").click()
        with database.writing() as session:
            attempt_builders.start(session, session.get_one(Sitting, sitting_id), NOW)
        expect(page.locator("#player")).to_be_visible(timeout=60_000)
        places = page.locator(".ep-navigator__item")
        assert places.count() == len(ATTACKS)
        for number in range(len(ATTACKS)):
            places.nth(number).click()
            expect(page.locator(".ep-question__stem strong").first).to_be_visible()
            nothing_ran(page)
        page.close()  # it would go on asking a server that is gone
