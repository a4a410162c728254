# SPDX-License-Identifier: Apache-2.0
"""Forms of the marker's desk, the typists and those who run the marking."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.audit import service as audit
from exam_portal.core import ids
from exam_portal.marking import highlights, service
from exam_portal.marking.models import MarkDraft
from exam_portal.marking.standing import Rule
from exam_portal.web import database, filters
from exam_portal.web.forms import (
    LARGEST_FILE,
    DateField,
    DecimalField,
    FileField,
    Form,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    at_least,
    file_kind,
    length,
    optional,
    required,
)

SCORE = "score_"


class MarkForm(Form):
    """A mark, by criterion where the part has a rubric, else one figure: made by ``mark_form``."""

    def value(self) -> Decimal | None:
        """Return the total as typed, or None where the criteria make it."""
        field = self._fields.get("total")
        return field.data if field is not None else None

    def scores(self) -> dict[str, Decimal]:
        """Return what was given for each criterion that has a figure."""
        return {
            name.removeprefix(SCORE): field.data
            for name, field in self._fields.items()
            if name.startswith(SCORE) and field.data is not None
        }

    def typed(self) -> dict[str, str]:
        """Return the figures as they were typed, for a draft."""
        return {
            name: str(field.raw_data[0] if field.raw_data else "")
            for name, field in self._fields.items()
            if name == "total" or name.startswith(SCORE)
        }

    def sheet(self) -> service.Sheet:
        """Return the open page of the desk as it was sent. Raises HighlightsUnreadable."""
        rests_on = self["rests_on"].data or ""
        return service.Sheet(
            tab=(self["tab"].data or "")[:64] or ids.new_public_id(),
            rests_on=int(rests_on) if re.fullmatch(r"[0-9]{1,9}", rests_on) else 0,
            scores=self.typed(),
            comment=self["comment"].data or "",
            highlights=[one.kept() for one in highlights.read(self["highlights"].data or "")],
        )

    def criteria(self) -> list[Any]:
        """Return the fields of the criteria, in the order of the rubric."""
        return [field for name, field in self._fields.items() if name.startswith(SCORE)]


class PhraseForm(Form):
    """A phrase of a marker's own list."""

    text = TextAreaField(
        _l("Phrase"),
        [required(_l("Write the phrase")), length(high=500)],
        description=_l("It fits any script. No names, numbers or codes of candidates."),
    )


class SlipForm(MarkForm):
    """A typist's reading of one slip."""

    signer = StringField(
        _l("Signed by"),
        [required(_l("Write the name of the marker who signed the slip")), length(high=200)],
        description=_l("Name of the marker as it stands below the signature"),
    )
    paper = SelectField(_l("Scan of the slips"), [required(_l("Choose the scan that holds this slip"))])
    page = IntegerField(
        _l("Page of the scan"), [required(_l("Write the page on which the slip lies")), at_least(1)]
    )

    def offer(self, papers: Sequence[Any]) -> None:
        """The scans to choose from, by number and date."""
        self.paper.choices = [
            (
                paper.public_id,
                f"{paper.number} · {filters.date(paper.issued_on)} · "
                + gettext("%(count)s pages", count=paper.pages),
            )
            for paper in papers
        ]


class PaperForm(Form):
    """Number, date, signers and scan of signed slips."""

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
            file_kind("pdf", "jpg", "jpeg", "png"),
        ],
        description=_l("PDF, or a picture of a single page (JPG, PNG); at most %(size)s", size=LARGEST_FILE),
    )

    def prepared_paper(self) -> audit.PreparedPaper:
        """Return the paper, its scan stored; before the writer is taken. Raises UnreadableScan."""
        scan, issued_on = self.paper_scan.data, self.paper_issued_on.data
        assert scan is not None
        assert issued_on is not None
        return audit.prepare_paper(
            database.files(),
            scan.read(),
            number=self.paper_number.data or "",
            issued_on=issued_on,
            signed_by=self.paper_signed_by.data or "",
            claimed=scan.mimetype,
        )


class SlipScanForm(PaperForm):
    """The scan of slips that several markers may have signed."""

    paper_signed_by = StringField(
        _l("Signed by"),
        [required(_l("Write who signed the paper")), length(high=500)],
        description=_l("Every marker whose slips are in the scan, with commas between the names"),
    )


class AssignmentForm(Form):
    """Which marker, for which round."""

    round = RadioField(_l("Round"), [required(_l("Choose the round"))], coerce=int)
    marker = SelectField(_l("Who marks"), [required(_l("Choose a marker"))])
    reason = TextAreaField(
        _l("Reason"),
        [optional(), length(high=1000)],
        description=_l("Needed once bags of the part have been given by lot"),
    )


class TakeBackForm(Form):
    """Why a bag is taken back from its marker."""

    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write why the bag is taken back")), length(high=500)],
        description=_l("It stands in the minute of the lot. Name no candidate, and no relation to one."),
    )


class LotForm(Form):
    """Before whom the lot is drawn, and what they call out."""

    witnesses = StringField(
        _l("Witnesses"),
        [required(_l("Write who witnesses the lot")), length(high=500)],
        description=_l("Names and duties, as the minute states them"),
    )
    words = StringField(
        _l("Words of the witnesses"),
        [required(_l("Write what the witnesses call out")), length(high=500)],
        description=_l("A word or a number from each, that nobody knew before"),
    )


class CorrectionForm(PaperForm):
    """The right figure, why the mark is wrong, and the signed minute that says so."""

    value = DecimalField(_l("Right mark"), [required(_l("Write the right mark"))])
    reason = TextAreaField(_l("Reason"), [required(_l("Say what was wrong")), length(high=1000)])
    page = IntegerField(_l("Page of the minute"), [required(), at_least(1)], default=1)


def mark_form(rule: Rule, base: type[MarkForm] = MarkForm) -> type[MarkForm]:
    """Return the form for marks under this rule; on slips a total alone is enough."""
    fields: dict[str, Any] = {}
    on_slip = base is SlipForm
    for row in rule.part.rubric:
        title = {"vi": row.title.vi, "en": row.title.en}
        check = optional() if on_slip else required(_l("Give a mark for this criterion"))
        fields[f"{SCORE}{row.key}"] = DecimalField(filters.localised(title), [check])
    if not rule.part.rubric or on_slip:
        checks = [optional()] if rule.part.rubric else [required(_l("Write the mark"))]
        fields["total"] = DecimalField(_l("Mark"), checks)
    if not on_slip:
        fields["comment"] = TextAreaField(_l("Comment"), [optional(), length(high=2000)])
        fields |= {"tab": HiddenField(), "rests_on": HiddenField(), "highlights": HiddenField()}
    return type("MarkForm", (base,), fields)


def with_draft(form: MarkForm, draft: MarkDraft | None) -> None:
    """Show what was kept as a draft, as it was typed; this page rests on it, and has a name of its own."""
    form["tab"].data = ids.new_public_id()
    form["rests_on"].data = str(draft.version) if draft is not None else "0"
    if draft is None:
        return
    for name, typed in draft.scores.items():
        if name in form:
            form[name].raw_data = [typed]
    form["comment"].data = draft.comment
    form["highlights"].data = json.dumps(draft.highlights)
