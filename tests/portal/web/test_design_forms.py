# SPDX-License-Identifier: Apache-2.0
"""Forms read what Vietnamese civil servants type, lose none of it, and name what is wrong."""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import flask
import pytest
from markupsafe import Markup
from werkzeug.datastructures import FileStorage, MultiDict

from exam_portal.web import forms, templating
from exam_portal.web.forms import Form, Refusal, form_errors, optional, required
from tests.portal.competitions.pages import NONCE
from tests.portal.web.design_site import an_application


@pytest.fixture
def app() -> Iterator[flask.Flask]:
    application = an_application("en")
    with application.test_request_context("/forms", method="POST"):
        yield application


class Entry(Form):
    name = forms.StringField("Full name", [required(), forms.length(high=10)])
    mark = forms.DecimalField("Mark", [optional(), forms.between(Decimal(0), Decimal(100))])
    places = forms.IntegerField("Places", [optional(), forms.at_least(1)])
    born = forms.DateField("Date of birth", [optional()])
    opens_at = forms.InstantField("Opens", [optional()])
    level = forms.RadioField(
        "Level", [required("Choose a level")], choices=[("a", "A"), ("b", "B", {"hint": "second"})]
    )
    unit = forms.SelectField("Unit", [optional()], choices=[("1", "One")], coerce=int)
    parts = forms.CheckboxesField("Parts", choices=[("w", "Written"), ("p", "Panel")])
    scan = forms.FileField("Scan", [forms.file_kind("pdf")])
    note = forms.TextAreaField("Note", [optional()])
    secret = forms.PasswordField("Password")

    def validate_name(self, field: Any) -> None:
        if field.data == "taken":
            raise Refusal("This name is taken")


def entry(**typed: object) -> Entry:
    return Entry(formdata=MultiDict({"name": "Ẩn", "level": "a", **typed}))


def html_of(field: Any, **params: object) -> str:
    template = flask.current_app.jinja_env.from_string("{{ ui.field(field, **params) }}")
    return template.render(field=field, params=params)


@pytest.mark.parametrize("unseen", ["\0", "\x1b", "\x85", "\u202e", "\u2066", "\ufeff"])
def test_a_text_holds_nothing_that_nobody_sees(app: flask.Flask, unseen: str) -> None:
    form = entry(name=f"{unseen}Ẩn{unseen}", note=f"một{unseen}\nhai\tba")
    assert form.validate()
    assert form.name.data == "Ẩn"
    assert form.note.data == "một\nhai\tba"


@pytest.mark.parametrize("typed", ["84,5", "84.5", " 84,50 "])
def test_a_mark_may_have_a_comma_or_a_point(app: flask.Flask, typed: str) -> None:
    form = entry(mark=typed)
    assert form.validate()
    assert form.mark.data == Decimal("84.5")


@pytest.mark.parametrize("typed", ["84,5,1", "1.000,5", "NaN", "1e2", "８", "x", "٣"])
def test_what_is_not_a_plain_number_is_refused_and_shown_again(app: flask.Flask, typed: str) -> None:
    form = entry(mark=typed)
    assert not form.validate()
    assert [problem.href for problem in form_errors(form)] == ["#mark"]
    assert f'value="{typed}"' in html_of(form.mark)


@pytest.mark.parametrize("typed", ["5/3/2026", "05/03/2026", "05-03-2026", "5.3.2026", "2026-03-05"])
def test_a_date_is_day_then_month(app: flask.Flask, typed: str) -> None:
    form = entry(born=typed)
    assert form.validate()
    assert form.born.data == dt.date(2026, 3, 5)


@pytest.mark.parametrize("typed", ["31/02/2026", "3/2026", "03/27/2026", "27/03/26"])
def test_a_date_that_does_not_exist_is_refused(app: flask.Flask, typed: str) -> None:
    assert not entry(born=typed).validate()


@pytest.mark.parametrize("typed", ["27/03/2026 17:00", "27/3/2026  17h00", "2026-03-27T17:00"])
def test_an_instant_is_typed_on_the_clocks_of_viet_nam(app: flask.Flask, typed: str) -> None:
    form = entry(opens_at=typed)
    assert form.validate()
    assert form.opens_at.data == dt.datetime(2026, 3, 27, 10, 0, tzinfo=dt.UTC)


def test_a_stored_instant_is_shown_as_it_would_be_typed(app: flask.Flask) -> None:
    form = Entry(formdata=None, data={"opens_at": dt.datetime(2026, 3, 27, 10, 0, tzinfo=dt.UTC)})
    assert 'value="27/03/2026 17:00"' in html_of(form.opens_at)


def test_names_are_composed_and_trimmed(app: flask.Flask) -> None:
    assert entry(name="  A\u0302\u0309n ").name.data == "Ẩn"


@pytest.mark.parametrize("blank", ["", " ", "\u00a0\t", "\ufeff \x1b"])
def test_blanks_are_not_what_a_required_text_asks_for(app: flask.Flask, blank: str) -> None:
    form = entry(name=blank)
    assert not form.validate()
    assert list(form.errors) == ["name"]
    assert entry(secret="  ").validate()  # a secret is taken as typed


def test_nothing_typed_is_lost_when_a_form_is_refused(app: flask.Flask) -> None:
    note = "dòng một\n\n    dòng hai <b>&amp;</b>"
    form = entry(name="", mark="x", note=note, unit="1", level="b")
    assert not form.validate()
    area = html_of(form.note, maxlength=500)
    assert Markup.escape(note) in area
    assert "selected" in html_of(form.unit).split('value="1"')[1].split(">")[0]
    assert "checked" in html_of(form.level).split('value="b"')[1].split(">")[0]


def test_a_secret_is_never_sent_back(app: flask.Flask) -> None:
    assert "hunter2" not in html_of(entry(secret="hunter2").secret)


def test_the_summary_names_each_field_and_links_to_it(app: flask.Flask) -> None:
    form = entry(name="", level="", places="0")
    assert not form.validate()
    found = {problem.href: problem.text for problem in form.problems}
    assert found == {
        "#name": "Full name: this is required",
        "#level": "Choose a level",
        "#places": "Places: give 1 or more",
    }
    for href in found:
        field = form[str(href).removeprefix("#")]
        assert f'id="{field.id}"' in html_of(field)


def test_a_message_that_names_its_field_is_not_given_the_name_twice(app: flask.Flask) -> None:
    form = entry()
    form.validate()
    form.refuse("Write the full name as on the identity card", field="name")
    assert form.problems[0].text == "Write the full name as on the identity card"


def test_a_refusal_of_a_verb_stands_in_the_summary(app: flask.Flask) -> None:
    form = entry()
    assert form.validate()
    form.refuse("Somebody else was faster")
    form.refuse("This name is taken", field="name")
    assert [(problem.text, problem.href) for problem in form.problems] == [
        ("Somebody else was faster", None),
        ("Full name: this name is taken", "#name"),
    ]


def test_a_check_of_the_form_itself_is_worded_by_it(app: flask.Flask) -> None:
    form = entry(name="taken")
    assert not form.validate()
    assert form.problems[0].text == "Full name: this name is taken"


def test_a_choice_that_was_not_offered_is_refused(app: flask.Flask) -> None:
    form = entry(level="z", unit="7", parts="q")
    assert not form.validate()
    assert {problem.href for problem in form.problems} == {"#level", "#unit", "#parts"}


def test_no_choice_is_nothing(app: flask.Flask) -> None:
    form = entry(unit="")
    assert form.validate()
    assert form.unit.data is None
    assert form.parts.data == []


def test_choices_may_be_given_later_as_pairs(app: flask.Flask) -> None:
    form = entry(unit="2")
    form.unit.choices = [(2, "Two"), (3, "Three")]
    assert form.validate()
    assert form.unit.data == 2


def test_optional_fields_say_so_and_a_choice_may_carry_a_hint(app: flask.Flask) -> None:
    assert "Mark (optional)" in html_of(entry().mark)
    assert "optional" not in html_of(entry().name)
    assert "second" in html_of(entry().level)


@pytest.mark.parametrize(
    ("name", "content", "accepted"),
    [("scan.pdf", b"x", True), ("scan.exe", b"x", False), ("scan.pdf", b"x" * 20_000_001, False)],
)
def test_files_are_checked_for_kind_and_size(
    app: flask.Flask, name: str, content: bytes, *, accepted: bool
) -> None:
    form = entry(scan=FileStorage(io.BytesIO(content), filename=name))
    assert form.validate() is accepted


def test_a_chosen_file_must_be_chosen_again_and_the_page_says_so(app: flask.Flask) -> None:
    form = entry(name="", scan=FileStorage(io.BytesIO(b"x"), filename="scan.pdf"))
    assert not form.validate()
    assert "choose the file again" in html_of(form.scan)


class Sheet(Form):
    class Row(Form):
        value = forms.DecimalField("Mark", [required()])

    rows = forms.FieldList(forms.FormField(Row), label="Slip", min_entries=2)


def test_rows_of_a_sheet_are_named_by_their_place(app: flask.Flask) -> None:
    form = Sheet(formdata=MultiDict({"rows-0-value": "80", "rows-1-value": "8o"}))
    assert not form.validate()
    assert [(problem.text, problem.href) for problem in form.problems] == [
        ("Slip 2 – Mark: write a number, such as 84,5", "#rows-1-value")
    ]


def test_every_word_of_a_control_is_in_the_readers_language(catalogues: None) -> None:
    with an_application("vi").test_request_context("/forms", method="POST"):
        form = entry(name="", mark="x", unit="9", parts="q")
        form.validate()
        page = "".join(html_of(field) for field in form) + html_of(form.note, maxlength=90)
        summary = templating.render("errors/error.html", code="", title="", form=form)
    summary = NONCE.sub("", summary)  # which holds any word by chance
    for english in ("(optional)", "Choose", "Show ", "You ", "Error", "required", "alid choice", "correct"):
        assert english not in page
        assert english not in summary
