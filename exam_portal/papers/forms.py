# SPDX-License-Identifier: Apache-2.0
"""The forms of papers."""

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.accounts.queries import AccountEntry
from exam_portal.audit.paper_form import OptionalPaperFields
from exam_portal.items import messages as item_words
from exam_portal.items import presentation
from exam_portal.items.models import ItemBank
from exam_portal.items.queries import ItemEntry, Supply
from exam_portal.papers.asked import Asked
from exam_portal.papers.messages import LABELS
from exam_portal.papers.models import EnvelopeEventKind, PaperContent
from exam_portal.papers.shares import FEWEST, MOST
from exam_portal.web.forms import (
    BooleanField,
    CheckboxesField,
    DecimalField,
    Form,
    InstantField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    at_least,
    between,
    length,
    optional,
    required,
)
from question_bank import booklets
from question_bank.blueprint import Difficulty

MOST_FORMS = 8
TOLERANCE = Decimal("0.02")
CUT = 110


class PrintForm(Form):
    """Which files of a paper, and how many orders of each form."""

    codes = IntegerField(_l("Paper codes for each form"), [required(), between(1, booklets.MOST_CODES)])
    kind = RadioField(
        _l("Kind of files"),
        [required(_l("Choose one"))],
        choices=[("pdf", _l("PDF, ready to print")), ("docx", _l("Word file (DOCX)"))],
    )


class ContentForm(Form):
    """Where the questions of a paper are."""

    content = RadioField(
        _l("Where are the questions of this paper?"),
        [required(_l("Choose one"))],
        choices=[
            (
                PaperContent.OUTSIDE.value,
                _l("Outside the portal"),
                {"hint": _l("The setting board works in isolation; the portal knows envelopes and seals")},
            ),
            (
                PaperContent.INSIDE.value,
                _l("In the portal"),
                {"hint": _l("Kept encrypted, opened by officers at the start; never for state secrets")},
            ),
        ],
    )
    bank = SelectField(
        _l("Item bank"), [optional()], description=_l("Only for a paper that is drawn in the portal")
    )

    def offer(self, banks: Sequence[ItemBank], *, may_draw: bool) -> None:
        """Offer these banks; who may not draw is asked for nothing but outside."""
        self.bank.choices = [(bank.public_id, bank.title) for bank in banks]
        if not may_draw:
            self.content.choices = self.content.choices[:1]
            del self.bank

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field; a paper in the portal is drawn from a bank."""
        sound = bool(super().validate(extra_validators))
        if sound and self.content.data == PaperContent.INSIDE.value and not self.bank.data:
            self.refuse(_l("Choose the bank from which the paper is drawn"), field="bank")
            return False
        return sound


class DrawForm(Form):
    """What a paper is to be; its cells are added for each bank (``draw_form``)."""

    cells: dict[str, tuple[str, str, int]]

    total = IntegerField(
        _l("Questions in all"),
        [optional(), between(1, 500)],
        description=_l("Only if more than the sum above: the rest is drawn from the whole bank"),
    )
    minutes = IntegerField(_l("Minutes"), [required(), between(1, 600)])
    forms = IntegerField(
        _l("Number of forms"),
        [required(), between(1, MOST_FORMS)],
        default=1,
        description=_l("Forms with different questions; the order differs for each candidate anyhow"),
    )
    difficulty = DecimalField(
        _l("Mean difficulty"),
        [optional(), between(0, 1)],
        description=_l(
            "Expected proportion of right answers, from 0 (hard) to 1 (easy). "
            "Questions whose difficulty is not known are then left out"
        ),
    )
    tolerance = DecimalField(
        _l("Tolerance of the mean difficulty"),
        [optional(), between(0, 1)],
        description=_l("By how much a form may differ from it; 0.02 when left empty"),
    )
    enemies = TextAreaField(
        _l("Questions that never stand in one form"),
        [optional(), length(high=4000)],
        description=_l("One group on each line: the codes of the questions, separated by spaces"),
    )
    left_out = TextAreaField(
        _l("Questions to leave out"),
        [optional(), length(high=4000)],
        description=_l("Codes separated by spaces, such as those of papers that were used lately"),
    )
    included = TextAreaField(
        _l("Questions that every form holds"),
        [optional(), length(high=4000)],
        description=_l("Codes separated by spaces; they count within their topic and level"),
    )
    max_exposure = IntegerField(
        _l("Most held papers a question may have stood in"),
        [optional(), between(1, 100)],
        description=_l("Questions that stood in so many papers rest. Empty: no limit"),
    )
    cool_down_months = IntegerField(
        _l("Months a question rests after it was held"),
        [optional(), between(1, 120)],
        description=_l("Empty: it need not rest"),
    )
    may_share = BooleanField(_l("The forms may have questions in common"))
    max_shared = IntegerField(
        _l("At most so many in common with any other form"),
        [optional(), between(1, 500)],
        description=_l("Only if they may have questions in common. Empty: any number"),
    )
    shuffle_items = BooleanField(_l("Each candidate has the questions in an order of his or her own"))
    with_reserve = BooleanField(_l("Draw the reserve paper at the same time, with no question in common"))

    def matrix(self) -> tuple[list[str], list[tuple[str, dict[str, tuple[int, Any]]]]]:
        """Return the levels, rising, and for each topic what there is of each level with its field."""
        levels = dict.fromkeys([*item_words.LEVELS, *(level for _, level, _ in self.cells.values())])
        present = {level for _, level, _ in self.cells.values()}
        topics: dict[str, dict[str, tuple[int, Any]]] = {}
        for name, (topic, level, count) in self.cells.items():
            topics.setdefault(topic, {})[level] = (count, self[name])
        return [level for level in levels if level in present], list(topics.items())

    def asked(self, *, title: str, scale: Decimal) -> Asked:
        """Return what was asked for."""
        counts = {self.cells[name][:2]: self[name].data for name in self.cells if self[name].data}
        return Asked(
            counts=counts,
            chosen=tuple(self["chosen"].data or ()) if "chosen" in self else (),
            total=self.total.data,
            forms=self.forms.data or 1,
            may_share=bool(self.may_share.data),
            shuffle_items=bool(self.shuffle_items.data),
            with_reserve="with_reserve" in self and bool(self.with_reserve.data),
            minutes=self.minutes.data or 1,
            title=title,
            scale=scale,
            difficulty=self._difficulty(),
            enemies=tuple(filter(None, (_codes(line) for line in (self.enemies.data or "").splitlines()))),
            left_out=_codes(self.left_out.data or ""),
            included=_codes(self.included.data or ""),
            max_exposure=self.max_exposure.data,
            cool_down_months=self.cool_down_months.data,
            max_shared=self.max_shared.data if self.may_share.data else None,
        )

    def _difficulty(self) -> Difficulty | None:
        if self.difficulty.data is None:
            return None
        room = TOLERANCE if self.tolerance.data is None else self.tolerance.data
        return Difficulty(mean=self.difficulty.data, tolerance=room)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and refuse an empty paper."""
        sound = bool(super().validate(extra_validators))
        if sound and not self.asked(title="", scale=Decimal(1)).items:
            self.refuse(_l("Say how many questions the paper has"))
            return False
        if sound and any(len(group) < 2 for group in self.asked(title="", scale=Decimal(1)).enemies):
            self.refuse(_l("Write at least two codes on each line"), field="enemies")
            return False
        if sound and {*_codes(self.included.data or "")} & {*_codes(self.left_out.data or "")}:
            self.refuse(_l("A question cannot be in every form and left out"), field="included")
            return False
        return sound


class WitnessForm(Form):
    """Before whom a paper is drawn, and what they add to its seed."""

    witnesses = StringField(
        _l("Witnesses"),
        [required(_l("Name the witnesses")), length(high=400)],
        description=_l("Names and positions of those who are present"),
    )
    words = StringField(
        _l("What the witnesses call out"),
        [required(_l("Write what the witnesses call out")), length(high=200)],
        description=_l("A word or a number of each, in their order; it is public and enters the minutes"),
    )


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def draw_form(supply: Sequence[Supply], essays: Sequence[ItemEntry], *, written: bool) -> type[DrawForm]:
    """Return the form whose cells are those of the bank's approved items."""
    fields: dict[str, Any] = {"cells": {}}
    rising = {level: place for place, level in enumerate(item_words.LEVELS)}
    for each in sorted(supply, key=lambda each: (each.topic, rising.get(each.level, len(rising)))):
        if not each.topic and not each.level:
            continue
        name = f"cell-{hashlib.sha256(f'{each.topic}/{each.level}'.encode()).hexdigest()[:12]}"
        fields["cells"][name] = (each.topic, each.level, each.count)
        words = f"{each.topic or '–'} · {item_words.level(each.level)}"
        fields[name] = IntegerField(words, [optional(), between(0, each.count)])
    if written:
        fields["chosen"] = CheckboxesField(
            _l("Questions chosen by the board"),
            [optional()],
            choices=[(entry.external_id, f"{entry.external_id} – {_short(entry.stem)}") for entry in essays],
        )
    return type("BankDrawForm", (DrawForm,), fields)


class ErratumForm(Form):
    """What is wrong in a sealed paper, and what it should say."""

    forms = CheckboxesField(_l("Forms that it touches"), [required(_l("Choose at least one form"))])
    words = TextAreaField(
        _l("Notice to the candidates"),
        [required(_l("Write what candidates are told")), length(high=1000)],
        description=_l("Which question, what it says, and what it should say. Never the answer"),
    )
    reason = TextAreaField(
        _l("Reason"),
        [required(_l("Write why the paper is corrected")), length(high=1000)],
        description=_l("For the record; candidates do not see it"),
    )

    def offer(self, codes: Sequence[str]) -> None:
        """Offer these forms."""
        self.forms.choices = [(code, code) for code in codes]


class SplitForm(Form):
    """Who holds a share of the keys, and how many of them open the paper."""

    holders = CheckboxesField(_l("Who holds a share"), [required(_l("Choose at least two officers"))])
    threshold = IntegerField(
        _l("How many of them open the paper"),
        [required(_l("Write how many shares open the paper")), between(FEWEST, MOST)],
        description=_l("Fewer than hold one, so that the paper opens even if somebody is missing"),
    )

    def offer(self, officers: Sequence[AccountEntry]) -> None:
        """Offer these officers."""
        self.holders.choices = [(entry.public_id, entry.name) for entry in officers]


class ShareForm(Form):
    """A share, typed from the officer's own copy."""

    share = TextAreaField(
        _l("The words of your share"),
        [required(_l("Type the words of your share")), length(high=400)],
        description=_l("In their order; the first four letters of a word are enough"),
        render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "rows": 4},
    )


class EnvelopeForm(OptionalPaperFields):
    """An envelope as the minutes name it."""

    label = StringField(
        _l("Label of the envelope"),
        [required(_l("Write the label of the envelope")), length(high=64)],
        description=_l("As written on it, such as ĐỀ-CT-01"),
    )
    seal_no = StringField(
        _l("Number of the seal"), [required(_l("Write the number of the seal")), length(high=64)]
    )
    copies = IntegerField(
        _l("Copies inside"), [required(_l("Write how many copies lie inside")), at_least(0)]
    )
    sealed_at = InstantField(_l("Sealed at"), [optional()], description=_l("As the minutes say. Empty: now."))
    minute_no = StringField(
        _l("Number of the minutes"), [required(_l("Write the number of the minutes")), length(high=80)]
    )


class EnvelopeEventForm(OptionalPaperFields):
    """What happened to an envelope."""

    kind = RadioField(
        _l("What happened?"),
        [required(_l("Choose what happened"))],
        choices=[(kind.value, LABELS[kind]) for kind in EnvelopeEventKind],
    )
    happened_at = InstantField(
        _l("When"), [optional()], description=_l("As the room wrote it down, to the minute. Empty: now.")
    )
    place = StringField(
        _l("Where"), [optional(), length(high=120)], description=_l("Such as the room, P.101")
    )
    seal_no = StringField(
        _l("Number of the seal, as it was read"),
        [optional(), length(high=64)],
        description=_l("Of an envelope sealed again: the number of the new seal"),
    )
    seal_intact = RadioField(
        _l("Was the seal intact?"),
        [required(_l("Say whether the seal was intact"))],
        choices=[("yes", _l("Yes, intact")), ("no", _l("No: describe it below"))],
    )
    reason = TextAreaField(
        _l("What was wrong with the seal, and why"),
        [optional(), length(high=500)],
        description=_l("Only where it was broken, or another one than is on record"),
    )
    first_candidate = StringField(
        _l("First candidate who saw it opened"),
        [optional(), length(high=32)],
        description=_l("Candidate number; only at the opening before the candidates"),
    )
    second_candidate = StringField(_l("Second candidate who saw it opened"), [optional(), length(high=32)])
    witnesses = TextAreaField(
        _l("Who else was present"),
        [required(_l("Write who was present")), length(high=500)],
        description=_l("Names and positions"),
    )

    def candidates(self) -> list[str]:
        """Return the numbers of the candidates, as typed."""
        return [self.first_candidate.data or "", self.second_candidate.data or ""]


def _short(stem: str) -> str:
    flat = presentation.flat(stem)
    return flat if len(flat) <= CUT else f"{flat[:CUT]}…"
