# SPDX-License-Identifier: Apache-2.0
"""The forms of the item bank: opening one, importing, searching, reviewing."""

from collections.abc import Collection, Sequence

from flask_babel import lazy_gettext as _l
from werkzeug.local import LocalProxy

from exam_portal.accounts.models import Organisation
from exam_portal.items.messages import LABELS, LEVELS
from exam_portal.items.models import ItemStage
from exam_portal.web import context, filters
from exam_portal.web.forms import (
    DateField,
    FileField,
    Form,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    file_kind,
    length,
    optional,
    required,
    uploads,
)
from question_bank.formats import FORMATS, MOST_BYTES

TITLES = ", ".join(each.title for each in FORMATS.values())
ENDINGS = tuple(dict.fromkeys(ending for each in FORMATS.values() for ending in each.endings))


def _largest() -> str:
    """Return the size of the largest file of items: what the reader takes, if the portal takes as much."""
    return filters.filesize(min(MOST_BYTES, context.settings().limits.upload_bytes))


_LARGEST = LocalProxy(_largest)


class BankForm(Form):
    """A bank: whose, and how it is called."""

    organisation = SelectField(_l("Authority whose bank it is"), [required()], blank=None)
    title = StringField(
        _l("Name of the bank"), [required(_l("Write the name of the bank")), length(high=200)]
    )

    def offer(self, organisations: Sequence[Organisation]) -> None:
        """Offer these authorities."""
        english = filters.language() == "en"
        self.organisation.choices = [
            (each.public_id, (each.name_en or each.name) if english else each.name) for each in organisations
        ]


class ImportForm(Form):
    """A file of items."""

    file = FileField(
        _l("File of items"),
        [required(_l("Choose a file of items")), file_kind(*ENDINGS)],
        description=_l(
            "One of %(formats)s; the file itself shows which. At most %(size)s. Nothing is taken in before"
            " you have seen the report.",
            formats=TITLES,
            size=_LARGEST,
        ),
    )

    def sent(self) -> tuple[bytes, str]:
        """Return what the file holds and how it is called."""
        assert self.file.data is not None  # required
        return self.file.data.read(), uploads.name_of(self.file.data)


class SearchForm(Form):
    """What the list of a bank is filtered by."""

    words = StringField(_l("Search words"), [length(high=200)])
    topic = SelectField(_l("Topic"), blank=_l("All topics"))
    level = SelectField(_l("Cognitive level"), blank=_l("All levels"), choices=list(LEVELS.items()))
    stage = SelectField(
        _l("Stage"),
        blank=_l("All stages"),
        choices=[(stage.value, text) for stage, text in LABELS.items()],
    )

    places = SelectField(
        _l("Options that name others"),
        blank=_l("With or without"),
        choices=[
            ("any", _l("Such as “Both A and B”")),
            ("open", _l("Of them, shuffled: the key changes")),
            ("undecided", _l("Of them, not decided yet")),
        ],
    )
    source = SelectField(
        _l("Legal source"),
        blank=_l("All sources"),
        choices=[("soon", _l("Ends within 60 days")), ("over", _l("No longer in force"))],
    )

    def offer(self, topics: Sequence[str]) -> None:
        """Offer the topics that the bank has."""
        self.topic.choices = [(topic, topic) for topic in topics]


class ReviewForm(Form):
    """A word on an item."""

    stage = RadioField(
        _l("Your word"),
        [required(_l("Choose one"))],
        choices=[
            (ItemStage.REVIEWED.value, _l("Reviewed: correct, clear, within the law in force")),
            (ItemStage.APPROVED.value, _l("Approved: may be drawn into a paper")),
            (ItemStage.RETURNED.value, _l("Returned to the author, with a comment")),
            (ItemStage.RETIRED.value, _l("Retired: never drawn again")),
        ],
    )
    comment = TextAreaField(_l("Comment"), [optional(), length(high=2000)])

    def offer(self, stages: Collection[ItemStage]) -> None:
        """The page shows only what this person could say now."""
        self.stage.choices = [choice for choice in self.stage.choices if choice.value in stages]


class CommentForm(Form):
    """A comment on an item."""

    words = TextAreaField(_l("New comment"), [required(_l("Write what is to be said")), length(high=2000)])


class InstrumentForm(Form):
    """A legal instrument that changes."""

    instrument = StringField(
        _l("Number or name of the instrument"), [required(_l("Write the number")), length(low=3, high=200)]
    )
    article = StringField(_l("Article"), [optional(), length(high=100)])
    day = DateField(_l("Changes or ends on"), [optional()])


class CompareForm(Form):
    """Two versions of an item."""

    before = SelectField(_l("Version before"), blank=None)
    after = SelectField(_l("Version after"), blank=None)

    def offer(self, versions: Sequence[int]) -> None:
        """Offer these versions."""
        numbers = [(str(version), str(version)) for version in versions]
        self.before.choices, self.after.choices = numbers, list(numbers)
