# SPDX-License-Identifier: Apache-2.0
"""No file comes in beside the one field that has its size checked and the virus scanner asked."""

import re

import wtforms
from wtforms.fields.core import UnboundField

from exam_portal.web.forms import FileField, Form
from tests.architecture import tree

TAKES_FILES = (wtforms.FileField, wtforms.MultipleFileField)
BESIDE_THE_FORM = re.compile(r"request\.files|\.files\.getlist|import [^\n]*MultiDict")


def test_every_file_field_of_every_form_is_the_checked_one() -> None:
    found = {
        f"{form.__module__}.{form.__name__}.{name}": field.field_class
        for form in tree.subclasses(Form)
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, TAKES_FILES)
    }
    assert len(found) >= 6  # attachments, two kinds of papers, slips, scans of scripts, items
    unchecked = [
        name for name, kind in found.items() if getattr(kind, "pre_validate", 0) is not FileField.pre_validate
    ]
    assert unchecked == []


def test_nothing_reads_a_sent_file_but_the_form() -> None:
    places = [
        tree.name(path)
        for path in tree.with_suffix(".py")
        if tree.name(path).startswith("exam_portal/")
        and BESIDE_THE_FORM.search(path.read_text(encoding="utf-8"))
    ]
    assert places == []
