# SPDX-License-Identifier: Apache-2.0
"""The fields of a signed paper, for the form of any step that takes one with its scan.

    class RecognitionForm(SignedPaperFields):
        …own fields…

In the template: ``{% from "audit/paper_fields.html" import paper_fields %}``, ``{{ paper_fields(form) }}``.
In the route, before the writer: ``paper = form.prepared_paper()``; inside it:
``audit.file_paper(session, actor, now, …, paper=paper)``.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.audit import papers
from exam_portal.audit.papers import PreparedPaper
from exam_portal.web import database
from exam_portal.web.forms import (
    LARGEST_FILE,
    DateField,
    FileField,
    Form,
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
    try:
        papers.examine(_content(field), claimed=field.data.mimetype)
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

    def prepared_paper(self) -> PreparedPaper:
        """Return the paper, its scan stored, for ``audit.service.file_paper``; before the writer is taken."""
        return _prepared(self)


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

    def prepared_paper(self) -> PreparedPaper | None:
        """Return the paper, its scan stored, for ``audit.service.file_paper``; None where none was given."""
        return _prepared(self) if self.has_paper else None


def _parts(form: Any) -> tuple[Any, ...]:
    return form.paper_number, form.paper_issued_on, form.paper_signed_by, form.paper_scan


def _prepared(form: Any) -> PreparedPaper:
    return papers.prepare_paper(
        database.files(),
        _content(form.paper_scan),
        number=form.paper_number.data,
        issued_on=form.paper_issued_on.data,
        signed_by=form.paper_signed_by.data,
        claimed=form.paper_scan.data.mimetype,
    )


def _content(field: Any) -> bytes:
    content: bytes = field.data.read()
    field.data.seek(0)
    return content
