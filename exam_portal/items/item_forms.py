# SPDX-License-Identifier: Apache-2.0
"""The forms in which items are written: a choice of one answer, an essay with its rubric."""

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.items.messages import LEVELS
from exam_portal.web.forms import (
    BooleanField,
    DateField,
    DecimalField,
    Form,
    HiddenField,
    IntegerField,
    Refusal,
    SelectField,
    StringField,
    TextAreaField,
    at_least,
    between,
    length,
    optional,
    pattern,
    required,
)
from question_bank import enemies

LETTERS = "abcdef"
CRITERIA = range(1, 7)


class ItemForm(Form):
    """What all items that are written here have in common."""

    naming: Sequence[str] = ()  # options that name others, once the page has to ask what becomes of them

    external_id = StringField(
        _l("Id of the item"),
        [
            required(_l("Write the id of the item")),
            pattern(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", _l("Use letters, digits and . _ : -")),
        ],
        description=_l("Such as HC-014; the same id in a file means the same item"),
    )
    began_from = HiddenField()  # the version that was read before this one is written
    stem = TextAreaField(_l("Question text"), [required(_l("Write the question")), length(high=8000)])
    topic = StringField(_l("Topic"), [required(_l("Write the topic")), length(high=200)])
    level = SelectField(
        _l("Cognitive level"), [required(_l("Choose the level"))], choices=list(LEVELS.items())
    )
    instrument = StringField(
        _l("Legal source"), [optional(), length(high=200)], description=_l("Such as Luật 80/2025/QH15")
    )
    article = StringField(_l("Article"), [optional(), length(high=100)])
    valid_from = DateField(_l("In force from"), [optional()])
    valid_to = DateField(_l("In force until"), [optional()])

    enemies = StringField(
        _l("Never together with"),
        [optional(), length(high=300)],
        description=_l(
            "Names of groups, with commas between, such as khieu-nai-1: of all items that bear the same name"
            " a paper holds one at most"
        ),
    )

    def keep_id(self, external_id: str) -> None:
        """The item keeps its id, whatever was sent: files may bring ids that nobody would type here."""
        self.external_id.data = external_id
        self.external_id.validators = ()

    def common(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the native fields that every kind has; tags for other purposes stay."""
        kept = [tag for tag in held.get("tags") or () if not enemies.is_group(tag)]
        return {
            "id": self.external_id.data,
            "stem": self.stem.data,
            "topics": [self.topic.data],
            "level": self.level.data,
            "source": {
                "instrument": self.instrument.data or None,
                "article": self.article.data or None,
                "valid_from": self.valid_from.data.isoformat() if self.valid_from.data else None,
                "valid_to": self.valid_to.data.isoformat() if self.valid_to.data else None,
            },
            "tags": [*kept, *(enemies.PREFIX + name for name in _names(self.enemies.data))],
        }

    def native(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the item in the native form; what this form does not ask stays as the bank holds it."""
        return {"title": "", "difficulty": None, "feedback": None, **held, **self.common(held)}


class SingleChoiceForm(ItemForm):
    """One answer of two to six."""

    option_a = TextAreaField(_l("Option A"), [required(_l("Write option A")), length(high=2000)])
    option_b = TextAreaField(_l("Option B"), [required(_l("Write option B")), length(high=2000)])
    option_c = TextAreaField(_l("Option C"), [optional(), length(high=2000)])
    option_d = TextAreaField(_l("Option D"), [optional(), length(high=2000)])
    option_e = TextAreaField(_l("Option E"), [optional(), length(high=2000)])
    option_f = TextAreaField(_l("Option F"), [optional(), length(high=2000)])
    answer = SelectField(
        _l("Right option"),
        [required(_l("Choose the right option"))],
        choices=[(letter, letter.upper()) for letter in LETTERS],
    )
    marks = DecimalField(
        _l("Marks"), [required(), between(Decimal("0.001"), Decimal(1000))], default=Decimal(1)
    )
    shuffle = BooleanField(_l("Each candidate sees the options in an order of his or her own"), default=True)

    @property
    def options(self) -> list[Any]:
        """The fields of the options."""
        return [self[f"option_{letter}"] for letter in LETTERS]

    def validate_answer(self, field: Any) -> None:
        """The right option is one that was written."""
        if field.data and not self[f"option_{field.data}"].data:
            raise Refusal(_l("The right option is empty"))

    def native(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the item in the native form."""
        kept = dict(zip(LETTERS, held.get("options") or (), strict=False))
        options = [
            {
                **kept.get(letter, {"id": letter}),
                "text": text,
                "fraction": "1" if letter == self.answer.data else "0",
            }
            for letter in LETTERS
            if (text := self[f"option_{letter}"].data)
        ]
        own = {
            "kind": "single_choice",
            "options": options,
            "marks": f"{self.marks.data:f}",
            "shuffle": bool(self.shuffle.data),
        }
        return {**super().native(held), **own}


class EssayForm(ItemForm):
    """A text marked by people, with its rubric."""

    min_words = IntegerField(_l("Words, at least"), [optional(), at_least(0)])
    max_words = IntegerField(_l("Words, at most"), [optional(), at_least(1)])
    title_1 = StringField(_l("Criterion 1"), [required(_l("Write at least one criterion")), length(high=300)])
    max_1 = DecimalField(_l("Marks, at most (1)"), [required(_l("Write the marks of criterion 1"))])
    guidance_1 = TextAreaField(_l("Guidance for markers (1)"), [optional(), length(high=2000)])
    title_2 = StringField(_l("Criterion 2"), [optional(), length(high=300)])
    max_2 = DecimalField(_l("Marks, at most (2)"), [optional()])
    guidance_2 = TextAreaField(_l("Guidance for markers (2)"), [optional(), length(high=2000)])
    title_3 = StringField(_l("Criterion 3"), [optional(), length(high=300)])
    max_3 = DecimalField(_l("Marks, at most (3)"), [optional()])
    guidance_3 = TextAreaField(_l("Guidance for markers (3)"), [optional(), length(high=2000)])
    title_4 = StringField(_l("Criterion 4"), [optional(), length(high=300)])
    max_4 = DecimalField(_l("Marks, at most (4)"), [optional()])
    guidance_4 = TextAreaField(_l("Guidance for markers (4)"), [optional(), length(high=2000)])
    title_5 = StringField(_l("Criterion 5"), [optional(), length(high=300)])
    max_5 = DecimalField(_l("Marks, at most (5)"), [optional()])
    guidance_5 = TextAreaField(_l("Guidance for markers (5)"), [optional(), length(high=2000)])
    title_6 = StringField(_l("Criterion 6"), [optional(), length(high=300)])
    max_6 = DecimalField(_l("Marks, at most (6)"), [optional()])
    guidance_6 = TextAreaField(_l("Guidance for markers (6)"), [optional(), length(high=2000)])

    @property
    def criteria(self) -> list[tuple[Any, Any, Any]]:
        """The fields of the rubric, row by row."""
        return [(self[f"title_{n}"], self[f"max_{n}"], self[f"guidance_{n}"]) for n in CRITERIA]

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and refuse a criterion that is given by half."""
        sound = bool(super().validate(extra_validators))
        for title, most, _guidance in self.criteria:
            if bool(title.data) != (most.data is not None) and not most.errors and not title.errors:
                most.errors = [_l("A criterion has a title and its marks")]
                sound = False
        return sound

    def native(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the item in the native form; its marks are the sum of the rubric."""
        rubric = [
            {"key": key, "title": title.data, "max": f"{most.data:f}", "guidance": hint.data or None}
            for key, (title, most, hint) in zip(_keys(held), self.criteria, strict=True)
            if title.data
        ]
        total = sum((most.data for title, most, _ in self.criteria if title.data), Decimal(0))
        own = {
            "kind": "essay",
            "rubric": rubric,
            "min_words": self.min_words.data,
            "max_words": self.max_words.data,
            "marks": f"{total:f}",
            "shuffle": False,
        }
        return {**super().native(held), **own}


FORMS: Mapping[str, type[ItemForm]] = {"single_choice": SingleChoiceForm, "essay": EssayForm}


def typed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form of an item shows of the version that the bank holds."""
    source = content.get("source") or {}
    shown: dict[str, Any] = {
        "external_id": content["id"],
        "stem": content["stem"],
        "topic": (content.get("topics") or [""])[0],
        "level": content.get("level"),
        "instrument": source.get("instrument"),
        "article": source.get("article"),
        "valid_from": _day(source.get("valid_from")),
        "valid_to": _day(source.get("valid_to")),
        "marks": Decimal(content["marks"]),
        "shuffle": content.get("shuffle", True),
        "min_words": content.get("min_words"),
        "max_words": content.get("max_words"),
        "enemies": ", ".join(
            tag.strip()[len(enemies.PREFIX) :].strip()
            for tag in content.get("tags") or ()
            if enemies.is_group(tag)
        ),
    }
    for option, letter in zip(content.get("options") or (), LETTERS, strict=False):
        shown[f"option_{letter}"] = option["text"]
        if Decimal(option["fraction"]) == 1:
            shown["answer"] = letter
    for number, row in enumerate(content.get("rubric") or (), start=1):
        shown |= {
            f"title_{number}": row["title"],
            f"max_{number}": Decimal(row["max"]),
            f"guidance_{number}": row.get("guidance"),
        }
    return shown


def _keys(held: Mapping[str, Any]) -> list[str]:
    """Return the keys of the criteria in their rows: those that the bank holds stay as they are."""
    kept = [str(row["key"]) for row in held.get("rubric") or ()]
    free = (name for number in itertools.count(1) if (name := f"c{number}") not in kept)
    return [*kept, *itertools.islice(free, len(CRITERIA) - len(kept))]


def _names(text: str | None) -> list[str]:
    return list(dict.fromkeys(filter(None, (name.strip() for name in (text or "").split(",")))))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
