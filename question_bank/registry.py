# SPDX-License-Identifier: Apache-2.0
"""The table of kinds, and the reading of one item of any kind.

Nothing else in the house lists kinds: a new one is a module in `kinds/` and a line here.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from question_bank.fields import Fields
from question_bank.item import LEVELS, Item, LegalSource
from question_bank.json_values import decimal_text
from question_bank.kinds.body import Body
from question_bank.kinds.case_study import CaseStudy
from question_bank.kinds.choice import Choice, MultipleChoice, SingleChoice
from question_bank.kinds.description import Description
from question_bank.kinds.essay import Essay
from question_bank.kinds.gap_fill import GapFill
from question_bank.kinds.matching import Matching
from question_bank.kinds.numeric import Numeric
from question_bank.kinds.options import is_positional
from question_bank.kinds.ordering import Ordering
from question_bank.kinds.short_answer import ShortAnswer
from question_bank.kinds.true_false import TrueFalse

KINDS: Mapping[str, type[Body]] = {
    body.kind: body
    for body in (
        SingleChoice,
        MultipleChoice,
        TrueFalse,
        ShortAnswer,
        Numeric,
        Matching,
        Ordering,
        GapFill,
        Essay,
        CaseStudy,
        Description,
    )
}

_LEAST_MARKS, _MOST_MARKS = Decimal("0.001"), Decimal(1000)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_item(fields: Fields, language: str) -> Item | None:
    """The item, or None after a mistake: everything found wrong is on record, whole item by whole item."""
    return _ItemReader(language).read(fields)


def stored_item(fields: Fields, language: str) -> Item | None:
    """The item as it was when it was stored or sealed; else like `read_item`.

    What reading decides about a file (not to shuffle options that name others by their place) was decided
    when the item came in: a sealed paper stays what it was when that is later decided in another way.
    """
    return _ItemReader(language, is_stored=True).read(fields)


class _ItemReader:
    def __init__(self, language: str, *, part_of_case: bool = False, is_stored: bool = False) -> None:
        self._language = language
        self._part_of_case = part_of_case
        self._is_stored = is_stored

    def read(self, fields: Fields) -> Item | None:
        before = fields.problems.errors
        name = fields.identifier("id")
        if not self._part_of_case:
            fields.problems.item = name
        body_type = self._body_type(fields)
        if body_type is None:
            return None
        if not (self._part_of_case or self._is_stored):
            fields.refuse_controls()
        body = body_type.parse(fields, self._of_parts().read)
        item = self._whole(fields, name, body)
        fields.close()
        return item if fields.problems.errors == before else None

    def _of_parts(self) -> "_ItemReader":
        return _ItemReader(self._language, part_of_case=True, is_stored=self._is_stored)

    def _body_type(self, fields: Fields) -> type[Body] | None:
        kinds = tuple(name for name in KINDS if not (self._part_of_case and name == CaseStudy.kind))
        if not fields.require("kind"):
            return None
        found = fields.optional_text("kind")
        if found in kinds:
            return KINDS[found]
        if found is not None:
            reason = "cannot stand inside a case study" if found in KINDS else "is not known"
            fields.refuse("unknown_kind", f"The kind {found!r} {reason}.", key="kind", detail=found)
        return None

    def _whole(self, fields: Fields, name: str, body: Body) -> Item:
        version = fields.whole("version", least=1, most=1_000_000)
        shuffle, checked = _wanted(fields) if self._is_stored else _shuffling(fields, body)
        return Item(
            id=name,
            version=1 if version is None else version,
            language=self._language,
            title=fields.optional_text("title") or "",
            stem=_stem(fields, body),
            body=body,
            marks=_marks(fields, body),
            shuffle=shuffle,
            topics=fields.texts("topics"),
            level=fields.choice("level", LEVELS),
            difficulty=fields.decimal("difficulty", least=Decimal(0), most=Decimal(1)),
            source=_source(fields),
            tags=fields.texts("tags"),
            feedback=fields.optional_text("feedback"),
            restricted=fields.flag("restricted", default=False) or _has_restricted(body),
            positional_checked=checked,
        )


def _stem(fields: Fields, body: Body) -> str:
    """The stem; a case study may put everything into its stimulus."""
    return fields.optional_text("stem") or "" if isinstance(body, CaseStudy) else fields.text("stem")


def _marks(fields: Fields, body: Body) -> Decimal:
    """The marks; an item that asks something can earn something."""
    own = body.own_marks()
    given = fields.decimal("marks", least=_LEAST_MARKS if own is None else Decimal(0), most=_MOST_MARKS)
    if own is None:
        return Decimal(1) if given is None else given
    if given is not None and given != own:
        message = (
            f"The marks are {decimal_text(given)}, but the parts of the item sum to {decimal_text(own)}."
        )
        fields.refuse("marks_mismatch", message, key="marks", detail=decimal_text(own))
    return own


def _shuffling(fields: Fields, body: Body) -> tuple[bool, bool]:
    """Whether options may be shuffled, and whether a reviewer has decided on options that name places."""
    wanted, checked = _wanted(fields)
    named = [text for text in _option_texts(body) if is_positional(text)]
    if not named or checked:
        return wanted, checked
    message = f"The option {named[0]!r} names others by letter or place: not shuffled until somebody decides."
    fields.warn("positional_option", message, key="options", detail=named[0])
    return False, checked


def _wanted(fields: Fields) -> tuple[bool, bool]:
    return fields.flag("shuffle", default=True), fields.flag("positional_checked", default=False)


def _option_texts(body: Body) -> list[str]:
    choices = [gap.body for gap in body.gaps] if isinstance(body, GapFill) else [body]
    return [option.text for choice in choices if isinstance(choice, Choice) for option in choice.options]


def _has_restricted(body: Body) -> bool:
    """Whether a question of a case study is restricted: then the whole is, for it is stored as one."""
    return isinstance(body, CaseStudy) and any(part.restricted for part in body.items)


def _source(fields: Fields) -> LegalSource:
    source = fields.object("source")
    if source is None:
        return LegalSource()
    found = LegalSource(
        instrument=source.optional_text("instrument"),
        article=source.optional_text("article"),
        valid_from=_day(source, "valid_from"),
        valid_to=_day(source, "valid_to"),
    )
    if found.valid_from and found.valid_to and found.valid_from > found.valid_to:
        source.refuse("empty_range", "valid_from is after valid_to.", key="valid_from")
    source.close()
    return found


def _day(fields: Fields, key: str) -> str | None:
    found = fields.optional_text(key)
    if found is None or found == "" or _is_day(found):
        return found or None
    fields.refuse("bad_date", f"{found!r} is no day such as 2025-07-01.", key=key, detail=found)
    return None


def _is_day(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
