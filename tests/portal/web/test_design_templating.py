# SPDX-License-Identifier: Apache-2.0
"""Our templates are strict, the design system's are not, and words and figures follow the reader."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import flask
import jinja2
import pytest

from exam_portal.web import filters, styleguide, templating
from exam_portal.web.tables import page_numbers
from tests.portal.web.design_site import an_application


@pytest.fixture
def app() -> Iterator[flask.Flask]:
    application = an_application()
    with application.test_request_context("/"):
        yield application


def rendered(app: flask.Flask, source: str, **context: object) -> str:
    return app.jinja_env.from_string(source).render(**context)


def test_a_name_that_nobody_gave_is_an_error(app: flask.Flask) -> None:
    with pytest.raises(jinja2.UndefinedError):
        rendered(app, "{{ nobody_gave_this }}")
    with pytest.raises(jinja2.UndefinedError):
        rendered(app, "{{ thing.absent }}", thing={})


def test_a_component_that_does_not_exist_is_an_error(app: flask.Flask) -> None:
    with pytest.raises(jinja2.TemplateNotFound):
        rendered(app, "{{ ui.no_such_component() }}")


def test_what_people_typed_is_escaped_in_every_component(app: flask.Flask) -> None:
    evil = '<script>alert("x")</script>'
    sources = [
        "{{ ui.page_header(evil, eyebrow=evil, lead=evil) }}",
        "{{ ui.status_tag(evil) }}{{ ui.notice_box(evil, title=evil) }}",
        "{{ ui.key_values([(evil, evil)]) }}{{ ui.empty_state(evil, evil) }}",
        "{% call(r, td) ui.data_table([1], [evil], caption=evil) %}{{ td(evil, href=evil) }}{% endcall %}",
        "{{ ui.act_form(evil, evil, values={'x': evil}) }}{{ ui.document_link(evil, evil) }}",
        "{{ ui.ranking_row(1, evil, '1', note=evil) }}{{ gov.tag({'text': evil}) }}",
    ]
    for source in sources:
        page = rendered(app, source, evil=evil)
        assert "<script" not in page
        assert "alert" in page


def test_each_cell_knows_its_heading(app: flask.Flask) -> None:
    source = (
        "{% call(r, td) ui.data_table(rows, ['Mã', {'text': 'Điểm', 'numeric': true}], caption='c') %}"
        "{{ td(r[0]) }}{% call td() %}<b>{{ r[1] }}</b>{% endcall %}{% endcall %}"
    )
    page = rendered(app, source, rows=[("A", 1)])
    assert '<th scope="row" class="ep-table__cell" data-label="Mã">A</th>' in page
    assert 'ep-table__cell--numeric" data-label="Điểm"><div><b>1</b></div></td>' in page


def test_an_empty_table_says_so(app: flask.Flask) -> None:
    source = (
        "{% call(r, td) ui.data_table([], ['A'], caption='c', empty='Chưa có hồ sơ') %}"
        "{{ td(r) }}{% endcall %}"
    )
    page = rendered(app, source)
    assert "Chưa có hồ sơ" in page
    assert "<table" not in page


def test_an_act_is_a_post_with_a_token(app: flask.Flask) -> None:
    page = rendered(app, "{{ ui.act_form('/x', 'Duyệt', values={'version': 3}) }}")
    assert 'method="post"' in page
    assert 'name="csrf_token" value="' in page
    assert 'name="version" value="3"' in page


@pytest.mark.parametrize("name", styleguide.PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_the_guide_renders_with_one_heading(name: str, language: str, catalogues: None) -> None:
    page = an_application(language).test_client().get(f"/{name}").text
    assert page.count("<h1") == 1
    assert f'<html lang="{language}"' in page
    assert " style=" not in page


def test_scripts_carry_the_nonce_of_the_response() -> None:
    page = an_application().test_client().get("/components").text
    assert page.count("<script") == page.count('nonce="') == 2


INSTANT = dt.datetime(2026, 3, 27, 17, 30, tzinfo=dt.UTC)


def test_instants_are_told_on_the_clocks_of_viet_nam(app: flask.Flask) -> None:
    assert filters.instant(INSTANT) == "28/03/2026 00:30"
    assert filters.date(INSTANT) == "28/03/2026"
    assert filters.clock_time(INSTANT, seconds=True) == "00:30:00"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (dt.date(2026, 3, 27), "ngày 27 tháng 3 năm 2026"),
    ],
)
def test_documents_write_days_out(day: dt.date, words: str) -> None:
    assert filters.date_in_words(day) == words


def test_marks_keep_their_decimals_and_take_the_readers_sign() -> None:
    with an_application("vi").test_request_context("/"):
        assert filters.mark(Decimal("75.00")) == "75,00"
        assert filters.number(Decimal("1234.5")) == "1.234,5"
    with an_application("en").test_request_context("/"):
        assert filters.mark(Decimal("75.00")) == "75.00"
        assert filters.number(1234) == "1,234"


def test_nothing_is_a_dash(app: flask.Flask) -> None:
    values = [
        filters.mark(None),
        filters.instant(None),
        filters.date(None),
        filters.dash(None),
        filters.number(None),
    ]
    assert set(values) == {"–"}


def test_a_localised_text_falls_back_to_vietnamese() -> None:
    with an_application("en").test_request_context("/"):
        assert filters.localised({"vi": "Thi viết", "en": "Written"}) == "Written"
        assert filters.localised({"vi": "Thi viết"}) == "Thi viết"


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "<img src=x onerror=y>",
        "[a](javascript:alert(1))",
        "![a](https://example.org/x.png)",
    ],
)
def test_markdown_can_neither_run_nor_load(app: flask.Flask, text: str) -> None:
    html = filters.markdown(text)
    for forbidden in ("<script", "<img", 'href="javascript'):
        assert forbidden not in html


PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAACklEQVR4nGMAAQAABQABDQottAAA"
    "AABJRU5ErkJggg=="
)


def test_a_question_shows_the_pictures_that_stand_in_its_own_text(app: flask.Flask) -> None:
    assert f'<img src="{PIXEL}" alt="Sơ đồ">' in filters.markdown(f"![Sơ đồ]({PIXEL})", pictures=True)
    for address in (
        "https://example.org/x.png",
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:text/html,x",
        "//x",
    ):
        html = filters.markdown(f"![Sơ đồ]({address}) [y]({PIXEL})", pictures=True)
        assert "<img" not in html
        assert "href" not in html or address not in html
    assert "<img" not in filters.markdown(f"![Sơ đồ]({PIXEL})")


def test_markdown_keeps_structure(app: flask.Flask) -> None:
    assert "<li>một</li>" in filters.markdown("- một\n- hai")


@pytest.mark.parametrize(
    ("current", "last", "pages"),
    [(1, 1, [1]), (1, 3, [1, 2, 3]), (5, 9, [1, None, 4, 5, 6, None, 9]), (9, 9, [1, None, 8, 9])],
)
def test_pages_worth_a_link(current: int, last: int, pages: list[int | None]) -> None:
    assert page_numbers(current, last) == pages


def test_the_widget_keeps_the_white_space_people_typed(app: flask.Flask) -> None:
    params: dict[str, object] = {"id": "x", "name": "x", "label": {"text": "X"}, "value": "a\n\n\n  b"}
    assert "a\n\n\n  b" in templating.render_widget("govuk_frontend_wtf/textarea.html", params)
