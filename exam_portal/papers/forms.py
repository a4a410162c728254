# SPDX-License-Identifier: Apache-2.0
"""The forms of papers."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from exam_portal.accounts.queries import AccountEntry
from exam_portal.audit.paper_form import OptionalPaperFields
from exam_portal.items.models import ItemBank
from exam_portal.papers.messages import LABELS
from exam_portal.papers.models import EnvelopeEventKind, PaperContent
from exam_portal.papers.shares import FEWEST, MOST
from exam_portal.web.forms import (
    CheckboxesField,
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

NUMBERED = re.compile(r"\b(câu|question)\s*(hỏi\s*)?(số\s*)?\d", re.IGNORECASE)


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


def _no_number(form: Form, field: Any) -> None:
    """Candidates have orders of their own: a number in the words would name another question to each."""
    if NUMBERED.search(field.data or ""):
        raise ValidationError(
            gettext(
                "Leave the number of the question out: each candidate has another one. Write its code above."
            )
        )


class WithdrawalForm(Form):
    """Why a correction holds no longer."""

    words = TextAreaField(
        _l("Why it is withdrawn"),
        [required(_l("Write what candidates are told")), length(high=1000), _no_number],
        description=_l("Candidates read it beside the correction, which is shown struck through"),
    )


class ErratumForm(Form):
    """What is wrong in a sealed paper, and what it should say."""

    forms = CheckboxesField(_l("Forms that it touches"), [required(_l("Choose at least one form"))])
    question = StringField(
        _l("Code of the question in the bank"),
        [optional(), length(high=120)],
        description=_l(
            "Each candidate is told their own number of it, on the screen and on paper. Leave it empty where "
            "the notice concerns the paper as a whole"
        ),
    )
    words = TextAreaField(
        _l("Notice to the candidates"),
        [required(_l("Write what candidates are told")), length(high=1000), _no_number],
        description=_l(
            "What it says, and what it should say, without a number of the question. Never the answer"
        ),
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
