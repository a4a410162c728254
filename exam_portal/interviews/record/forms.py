# SPDX-License-Identifier: Apache-2.0
"""Forms of the sealed record: its keepers, its opening, and on paper the envelope of the slips."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.accounts.messages import ROLES
from exam_portal.accounts.queries import AccountEntry
from exam_portal.audit.kinds import PaperKind
from exam_portal.audit.paper_form import SignedPaperFields
from exam_portal.core.actors import Role
from exam_portal.papers.shares import FEWEST, MOST
from exam_portal.web.forms import (
    CheckboxesField,
    Form,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    between,
    length,
    optional,
    required,
)

SHARE = "share_"
DECIDED_BY = [
    (PaperKind.AUTHORITY_DECISION.value, _l("The authority")),
    (PaperKind.COUNCIL_DECISION.value, _l("The council")),
]


class KeepersForm(Form):
    """Who keeps a share of the record's key, and how many of them open it."""

    holders = CheckboxesField(
        _l("Who keeps a share"),
        [required(_l("Choose at least two keepers"))],
        description=_l("Nobody who votes on this panel; at least one of the oversight board, better two"),
    )
    threshold = IntegerField(
        _l("How many of them open the record"),
        [required(_l("Write how many shares open the record")), between(FEWEST, MOST)],
        description=_l(
            "More than the keepers who are not of the oversight board, so that it never opens without that "
            "board; if possible fewer than keep a share, so that it opens even if somebody is missing"
        ),
    )

    reason = StringField(
        _l("Why the keepers are named again"),
        [optional(), length(high=500)],
        description=_l("Such as: a keeper fell ill before the share was copied"),
    )

    def offer(self, officers: Sequence[tuple[AccountEntry, Collection[Role]]]) -> None:
        """Offer these people with their roles."""
        self.holders.choices = [
            (entry.public_id, f"{entry.name} ({', '.join(sorted(str(ROLES[role]) for role in roles))})")
            for entry, roles in officers
        ]


class OpeningForm(SignedPaperFields):
    """The decision, two witnesses and the shares; made for the number of shares by ``opening_form``."""

    decided_by = RadioField(
        _l("Who decided"), [required(_l("Choose who decided that it is opened"))], choices=DECIDED_BY
    )
    first_witness = StringField(
        _l("First witness"), [required(_l("Name the first witness")), length(high=200)]
    )
    second_witness = StringField(
        _l("Second witness"), [required(_l("Name the second witness")), length(high=200)]
    )

    def witnesses(self) -> list[str]:
        """Return the names given."""
        return [self.first_witness.data or "", self.second_witness.data or ""]

    def share_fields(self) -> list[Any]:
        """Return the fields of the shares."""
        return [field for name, field in self._fields.items() if name.startswith(SHARE)]

    def typed(self) -> list[str]:
        """Return the shares as typed, in the order of the fields."""
        return [field.data or "" for field in self.share_fields()]


class EnvelopeForm(Form):
    """The sealed envelope with the slips of a hearing."""

    number = StringField(
        _l("Number of the envelope"), [required(_l("Write the number on the envelope")), length(high=64)]
    )
    seal_no = StringField(
        _l("Number of the seal"), [required(_l("Write the number of the seal")), length(high=64)]
    )
    keeper = StringField(
        _l("Who keeps it"),
        [required(_l("Write who keeps the envelope, and where")), length(high=300)],
        description=_l("Name, position and place, such as: the records office, safe 2"),
    )

    def written(self) -> dict[str, str]:
        """Return number, seal and keeper as typed."""
        fields = {"number": self.number, "seal_no": self.seal_no, "keeper": self.keeper}
        return {name: field.data or "" for name, field in fields.items()}


class EnvelopeCorrectionForm(EnvelopeForm):
    """The envelope as it should have been registered, and why it was not."""

    reason = StringField(
        _l("Reason"),
        [required(_l("Write why it is corrected")), length(high=500)],
        description=_l("Such as: two figures of the seal were exchanged when it was typed"),
    )


def opening_form(shares: int) -> type[OpeningForm]:
    """Return the form with so many fields for shares."""
    fields = {
        f"{SHARE}{number}": TextAreaField(
            _l("Share %(number)s", number=number),
            [required(_l("A keeper types the words of this share")), length(high=400)],
            description=_l("In their order; the first four letters of a word are enough"),
            render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "rows": 3},
        )
        for number in range(1, shares + 1)
    }
    return type("OpeningForm", (OpeningForm,), fields)
