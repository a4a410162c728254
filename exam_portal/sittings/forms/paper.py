# SPDX-License-Identifier: Apache-2.0
"""Sheets, scripts, scans and the lists signed on paper."""

from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import KINDS, SignedPaperFields
from exam_portal.core import bags
from exam_portal.sittings.service.handing_in import HandedIn
from exam_portal.web.forms import (
    LARGEST_FILE,
    FileField,
    Form,
    InstantField,
    IntegerField,
    RadioField,
    StringField,
    between,
    file_kind,
    length,
    optional,
    required,
)


class SheetsForm(Form):
    """A corrected count of sheets."""

    sheets = IntegerField(_l("Sheets"), [required(_l("Write how many sheets")), between(1, 200)])
    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class HandInForm(Form):
    """A script's line of the signed list."""

    handed_in_at = InstantField(
        _l("Handed in at"),
        [required(_l("Write when it was handed in"))],
        description=_l("As the signed list says, to the minute"),
    )
    signature = RadioField(
        _l("Signature on handing in"), [required(_l("Say whether the candidate signed"))], default="signed"
    )
    witness = StringField(
        _l("Who saw the refusal"), [optional(), length(high=200)], description=_l("Name and position")
    )
    reason = StringField(_l("What the candidate said"), [optional(), length(high=500)])

    def offer(self) -> None:
        """Offer both."""
        self.signature.choices = [("signed", _l("Signed for")), ("refused", _l("Refused to sign"))]

    def read(self) -> HandedIn:
        """Return the line."""
        return HandedIn(
            at=self.handed_in_at.data,
            is_signed=self.signature.data == "signed",
            witness=self.witness.data or "",
            reason=self.reason.data or "",
        )


class MaskForm(Form):
    """How many scripts lie in a bag."""

    bag_size = IntegerField(
        _l("Scripts in a bag"),
        [optional(), between(bags.LEAST, 1000)],
        description=_l("At least %(least)s. Empty: all in one bag", least=bags.LEAST),
    )


class ScanForm(Form):
    """The scan of one script."""

    sheet_code = StringField(
        _l("Sheet code"),
        [required(_l("Write the code printed on the first sheet")), length(high=20)],
        description=_l("Eight letters and digits, printed with a QR code on the header of the script"),
    )
    scan = FileField(
        _l("Scanned pages, header detached"),
        [required(_l("Choose the scan")), file_kind(*KINDS)],
        description=_l("PDF, or a picture of a single page (JPG, PNG); at most %(size)s", size=LARGEST_FILE),
    )


class StackForm(Form):
    """The scan of many sheets at once."""

    scan = FileField(
        _l("Scanned stack"),
        [required(_l("Choose the scan")), file_kind(*KINDS)],
        description=_l(
            "PDF of all pages, or a picture of one (JPG, PNG); at most %(size)s", size=LARGEST_FILE
        ),
    )


class PlacePageForm(Form):
    """Which page of which script it is, as a person read it."""

    sheet_code = StringField(
        _l("Sheet code"),
        [required(_l("Write the code printed at the top of the page")), length(high=20)],
    )
    number = IntegerField(_l("Page"), [required(_l("Write the number of the page")), between(1, 800)])
    turn = RadioField(
        _l("Where its top edge is in the picture"),
        [required(_l("Choose where the top edge is"))],
        default="0",
    )
    strip = RadioField(
        _l("The strip with the code"), [required(_l("Choose whether the strip is there"))], default="hide"
    )

    def offer(self) -> None:
        """Offer the four ways to lie on the glass, and whether there is a strip to hide."""
        self.turn.choices = [
            ("0", _l("Above")),
            ("90", _l("On the right")),
            ("180", _l("Below")),
            ("270", _l("On the left")),
        ]
        self.strip.choices = [
            ("hide", _l("It is there: paint it over for the marker")),
            ("gone", _l("It was cut off: keep the whole page")),
        ]


class SetAsideForm(Form):
    """Why a page lies with no script."""

    reason = StringField(_l("Reason"), [required(_l("Write the reason")), length(high=500)])


class AttendancePaperForm(SignedPaperFields):
    """The attendance list as it was signed."""
