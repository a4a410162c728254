# SPDX-License-Identifier: Apache-2.0
"""Bags of scripts: as they are packed and sealed, and as their receiver finds and counts them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.audit.paper_form import OptionalPaperFields
from exam_portal.sittings.service.bags import Counted, Packed
from exam_portal.web.forms import (
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    StringField,
    at_least,
    between,
    length,
    optional,
    required,
    required_later,
)

MOST = 100_000


class PackedRow(Form):
    """One bag; a row that is not needed stays empty."""

    label = StringField(_l("Label of the bag"), [required_later(), length(high=64)])
    seal_no = StringField(_l("Number of the seal"), [required_later(), length(high=64)])
    scripts = IntegerField(_l("Scripts inside"), [required_later(), between(1, MOST)])
    sheets = IntegerField(_l("Sheets inside"), [required_later(), between(1, MOST)])

    @property
    def is_empty(self) -> bool:
        """Whether the row says nothing."""
        return not any(field.data for field in self._parts())

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field; a bag is given whole or not at all."""
        sound = bool(super().validate(extra_validators))
        missing = [field for field in self._parts() if not field.data and not field.errors]
        if self.is_empty or not missing:
            return sound
        for field in missing:
            field.errors = [_l("A bag has a label, a seal, scripts and sheets; empty rows do not count")]
        return False

    def read(self) -> Packed:
        """Return the bag."""
        assert self.scripts.data is not None
        assert self.sheets.data is not None
        return Packed(
            label=self.label.data or "",
            seal_no=self.seal_no.data or "",
            scripts=self.scripts.data,
            sheets=self.sheets.data,
        )

    def _parts(self) -> tuple[Any, ...]:
        return self.label, self.seal_no, self.scripts, self.sheets


class CountedRow(Form):
    """What was found at one bag."""

    seal_no = StringField(
        _l("Number of the seal, as it stands on the bag"),
        [required(_l("Write the number that stands on the seal")), length(high=64)],
    )
    intact = RadioField(
        _l("Was the seal intact?"),
        [required(_l("Say whether the seal was intact"))],
        choices=[("yes", _l("Yes, intact")), ("no", _l("No, broken"))],
    )
    scripts = IntegerField(
        _l("Scripts counted"), [required(_l("Write how many scripts were counted")), at_least(0)]
    )
    sheets = IntegerField(
        _l("Sheets counted"), [required(_l("Write how many sheets were counted")), at_least(0)]
    )
    remark = StringField(
        _l("Explanation of the difference"),
        [optional(), length(high=500)],
        description=_l("Only where the seal or a number is not as it was declared"),
    )

    def read(self) -> Counted:
        """Return what was found."""
        assert self.scripts.data is not None
        assert self.sheets.data is not None
        return Counted(
            seal_no=self.seal_no.data or "",
            is_intact=self.intact.data == "yes",
            scripts=self.scripts.data,
            sheets=self.sheets.data,
            remark=self.remark.data or "",
        )


class HandOverForm(Form):
    """The bags of a sitting; made with its rows by ``hand_over_form``."""

    def rows(self) -> list[PackedRow]:
        """Return the rows."""
        return [entry.form for entry in self._fields["bags"].entries]

    def packed(self) -> list[Packed]:
        """Return the bags; empty rows are left out."""
        return [row.read() for row in self.rows() if not row.is_empty]


class ReceiptForm(OptionalPaperFields):
    """What the masking board found itself, bag by bag; the signed minute may be added."""

    def rows(self) -> list[CountedRow]:
        """Return the rows, in the order of the bags."""
        return [entry.form for entry in self._fields["bags"].entries]

    def counted(self, ids: Sequence[int]) -> dict[int, Counted]:
        """Return what was found in the bags of these ids."""
        return {bag_id: row.read() for bag_id, row in zip(ids, self.rows(), strict=True)}


def hand_over_form(rows: int) -> type[HandOverForm]:
    """Return the form of a handing over in at most so many bags."""
    bags = FieldList(FormField(PackedRow), label=_l("Bag"), min_entries=rows, max_entries=rows)
    return type("HandOverForm", (HandOverForm,), {"bags": bags})


def receipt_form(bags: int) -> type[ReceiptForm]:
    """Return the form of a receipt of so many bags."""
    rows = FieldList(FormField(CountedRow), label=_l("Bag"), min_entries=bags, max_entries=bags)
    return type("ReceiptForm", (ReceiptForm,), {"bags": rows})
