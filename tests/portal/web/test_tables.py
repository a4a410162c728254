# SPDX-License-Identifier: Apache-2.0
"""What a table of many rows makes once: its cells, the tags of states, the addresses of rows."""

from collections.abc import Iterator

import flask
import pytest
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from exam_portal.web.tables import Columns, addresses
from tests.portal.web.design_site import an_application

EVIL = '"><script>'


@pytest.fixture
def app() -> Iterator[flask.Flask]:
    application = an_application()
    with application.test_request_context("/"):
        yield application


def test_every_row_begins_with_the_first_column() -> None:
    columns = Columns(["Số", {"text": "Điểm", "numeric": True}])
    for _ in range(2):
        td = columns.cells()
        assert td("1") == '<th scope="row" class="ep-table__cell" data-label="Số">1</th>'
        names = "ep-table__cell ep-code ep-table__cell--numeric"
        assert td("2", classes="ep-code") == f'<td class="{names}" data-label="Điểm">2</td>'


def test_a_row_without_a_heading_has_none() -> None:
    assert Columns(["Số"], row_header=False).cells()("1") == (
        '<td class="ep-table__cell" data-label="Số">1</td>'
    )


@pytest.mark.parametrize("content", ["", " \n", Markup("  ")])
def test_a_cell_that_says_nothing_leaves_no_heading_alone_on_a_narrow_screen(content: str) -> None:
    blank = 'class="ep-table__cell ep-table__cell--blank"'
    assert blank in Columns(["Số"]).cells()(content)
    assert blank in Columns(["Số"]).cells()(caller=lambda: Markup(content))
    assert "blank" not in Columns(["Số"]).cells()("–")


def test_nothing_of_a_cell_is_taken_for_markup() -> None:
    written = [
        Columns([EVIL]).cells()(),
        Columns(["a"]).cells()(EVIL),
        Columns(["a"]).cells()("1", href=EVIL),
        Columns(["a"]).cells()("1", classes=EVIL),
    ]
    assert [one for one in written if "<script" in one] == []
    assert "<b>1</b>" in Columns(["a"]).cells()(Markup("<b>1</b>"))


def test_a_tag_is_made_once_for_each_state(app: flask.Flask) -> None:
    source = "{% set tags = state_tags(states) %}{{ tags.a }}{{ tags.b }}"
    page = app.jinja_env.from_string(source).render(
        states={"a": (EVIL, "done"), "b": (_l("Open"), "neutral")}
    )
    assert "<script" not in page
    assert page.count('<strong class="ep-tag ep-tag--') == 2


def test_the_address_of_a_row_is_what_url_for_builds(app: flask.Flask) -> None:
    app.add_url_rule("/rows/<row_id>/open", "open_row", lambda row_id: row_id)
    assert addresses("open_row", "row_id")("abc") == flask.url_for("open_row", row_id="abc")
