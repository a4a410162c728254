# SPDX-License-Identifier: Apache-2.0
"""The rehearsal's client sends what a browser would send, and notices what a page lacks."""

import pytest
from lxml import html

from exam_portal.rehearsal.browser import Page, Refused, options_of

PAGE = """<html><body><main><h1>Phiếu  chấm</h1>
<form action="/bag/1/mark" method="post">
  <input type="hidden" name="csrf_token" value="t1"><input name="total" value="72">
  <input type="radio" name="outcome" value="yes" id="o1"><label for="o1">Đạt</label>
  <input type="radio" name="outcome" value="no" id="o2" checked><label for="o2">Không đạt</label>
  <input type="checkbox" name="rooms" value="a" checked><input type="checkbox" name="rooms" value="b" checked>
  <select name="round"><option value="">–</option><option value="2" selected>Lần hai</option></select>
  <textarea name="words">Ý thứ nhất</textarea><input type="file" name="scan">
  <input name="asleep" value="x" disabled>
  <button name="then" value="draft">Lưu</button><button>Cho điểm</button>
</form>
<form action="?page=2"><input name="q"></form>
<a href="/papers/1#page=2">tr. 2</a><a href="/papers/1#page=2">tr. 2</a></main></body></html>"""


@pytest.fixture
def page() -> Page:
    """A page with two forms."""
    return Page(url="http://127.0.0.1:1/bag/1", status=200, tree=html.fromstring(PAGE))


def test_a_form_is_sent_as_it_stands_on_the_page(page: Page) -> None:
    values, uploads = page.form("/mark").filled()
    assert values == {
        "csrf_token": ["t1"],
        "total": ["72"],
        "outcome": ["no"],
        "rooms": ["a", "b"],
        "round": ["2"],
        "words": ["Ý thứ nhất"],
    }
    assert uploads == []


def test_what_is_typed_replaces_what_stood_there(page: Page) -> None:
    scan = ("phieu.pdf", b"%PDF-", "application/pdf")
    values, uploads = page.form(having="total").filled(total="78", rooms=["b"], outcome="yes", scan=scan)
    assert (values["total"], values["rooms"], values["outcome"]) == (["78"], ["b"], ["yes"])
    assert uploads == [("scan", scan)]


def test_a_pressed_button_is_sent_and_an_unknown_field_is_a_fault_of_the_page(page: Page) -> None:
    assert page.form("/mark").filled(then="draft")[0]["then"] == ["draft"]
    with pytest.raises(Refused, match="no field name"):
        page.form("/mark").filled(name="Trần Thị An")
    with pytest.raises(Refused, match="no field asleep"):
        page.form("/mark").filled(asleep="y")


def test_a_form_that_is_not_there_is_named_with_its_page(page: Page) -> None:
    with pytest.raises(Refused, match="Phiếu chấm"):
        page.form("/approve")


def test_choices_are_read_with_their_words(page: Page) -> None:
    assert options_of(page, "round") == {"2": "Lần hai"}
    assert options_of(page, "outcome") == {"yes": "Đạt", "no": "Không đạt"}


def test_links_are_listed_once_each(page: Page) -> None:
    assert page.links("#page=") == ["/papers/1#page=2"]
