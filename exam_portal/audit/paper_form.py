# SPDX-License-Identifier: Apache-2.0
"""The fields of a signed paper, for the form of any step that takes one with its scan.

    class RecognitionForm(SignedPaperFields):
        …own fields…

In the template: ``{% from "audit/paper_fields.html" import paper_fields %}``, ``{{ paper_fields(form) }}``.
In the route, inside the writer: ``audit.file_paper(session, actor, now, …, **form.paper_facts())``.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.audit import papers
from exam_portal.web.forms import (
    DateField,
    FileField,
    Form,
    LARGEST_FILE,
    Refusal,
    StringField,
    file_kind,
    length,
    optional,
    required,
)

KINDS = ("pdf", "jpg", "jpeg", "png")


def _readable(_form: Form, field: Any) -> None:
    """Refuse a scan that cannot be read, before anything is written."""
    if field.data is None:
        return
    content = field.data.read()
    field.data.seek(0)
    try:
        papers.examine(content)
    except papers.UnreadableScan as problem:
        raise Refusal(_l("This file cannot be read. Scan the paper again as PDF or picture.")) from problem


class SignedPaperFields(Form):
    """Number, date, signers and scan of a signed paper; all of them required."""

    paper_number = StringField(
        _l("Number of the paper"),
        [required(_l("Write the number that the records office gave the paper")), length(high=80)],
        description=_l("As the records office gave it, such as 15/QĐ-HĐTT"),
    )
    paper_issued_on = DateField(_l("Date of the paper"), [required(_l("Write the date on the paper"))])
    paper_signed_by = StringField(
        _l("Signed by"),
        [required(_l("Write who signed the paper")), length(high=500)],
        description=_l("Names and positions as they stand below the signatures"),
    )
    paper_scan = FileField(
        _l("Scan of the signed paper"),
        [
            required(_l("Choose the scan of the signed paper")),
            file_kind(*KINDS),
            _readable,
        ],
        description=_l("PDF, or a picture of a single page (JPG, PNG); at most %(size)s", size=LARGEST_FILE),
    )

    def paper_facts(self) -> dict[str, Any]:
        """Return what ``audit.service.file_paper`` wants to know of the paper itself."""
        return _facts(self)


class OptionalPaperFields(Form):
    """The same, where a step may also be done without a paper: all four fields, or none of them."""

    paper_number = StringField(_l("Number of the paper"), [optional(), length(high=80)])
    paper_issued_on = DateField(_l("Date of the paper"), [optional()])
    paper_signed_by = StringField(_l("Signed by"), [optional(), length(high=500)])
    paper_scan = FileField(
        _l("Scan of the signed paper"),
        [optional(), file_kind(*KINDS), _readable],
        description=_l("PDF, or a picture of a single page (JPG, PNG); at most %(size)s", size=LARGEST_FILE),
    )

    @property
    def has_paper(self) -> bool:
        """Whether anything of a paper was given."""
        return any(field.data for field in _parts(self))

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and refuse a paper that is given by half."""
        sound = bool(super().validate(extra_validators))
        missing = [field for field in _parts(self) if not field.data and not field.errors]
        if not self.has_paper or not missing:
            return sound
        for field in missing:
            field.errors = [_l("This belongs to the signed paper: give all four, or none of them")]
        return False

    def paper_facts(self) -> dict[str, Any]:
        """Return what ``audit.service.file_paper`` wants to know of the paper itself."""
        return _facts(self)


def _parts(form: Any) -> tuple[Any, ...]:
    return form.paper_number, form.paper_issued_on, form.paper_signed_by, form.paper_scan


def _facts(form: Any) -> dict[str, Any]:
    content = form.paper_scan.data.read()
    form.paper_scan.data.seek(0)
    return {
        "number": form.paper_number.data,
        "issued_on": form.paper_issued_on.data,
        "signed_by": form.paper_signed_by.data,
        "plaintext": content,
        "media_type": form.paper_scan.data.mimetype,
    }
