# SPDX-License-Identifier: Apache-2.0
"""The form of a blueprint: counts by topic and level, bands of difficulty, and further demands."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from exam_portal.items import messages as item_words
from exam_portal.items import presentation
from exam_portal.items.queries import ItemEntry
from exam_portal.items.supply import Supply
from exam_portal.papers import bands
from exam_portal.papers.asked import Asked
from exam_portal.web.forms import (
    BooleanField,
    CheckboxesField,
    DecimalField,
    Form,
    IntegerField,
    TextAreaField,
    between,
    length,
    optional,
    required,
)
from question_bank.blueprint import Cell, Difficulty, band_mistake

MOST_FORMS = 8
TOLERANCE = Decimal("0.02")
CUT = 110


class DrawForm(Form):
    """What a paper is to be; its cells are added for each bank (``draw_form``)."""

    cells: dict[str, tuple[str, str, int]]
    difficulties: Mapping[Decimal, int]  # of the approved questions, how many state each

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
    easy_from = DecimalField(_l("Easy: from"), [optional(), between(0, 1)], default=bands.EASY_FROM)
    hard_below = DecimalField(_l("Hard: below"), [optional(), between(0, 1)], default=bands.HARD_BELOW)
    easy_least = IntegerField(_l("Easy, at least"), [optional(), between(0, 500)])
    easy_most = IntegerField(_l("Easy, at most"), [optional(), between(0, 500)])
    medium_least = IntegerField(_l("Medium, at least"), [optional(), between(0, 500)])
    medium_most = IntegerField(_l("Medium, at most"), [optional(), between(0, 500)])
    hard_least = IntegerField(_l("Hard, at least"), [optional(), between(0, 500)])
    hard_most = IntegerField(_l("Hard, at most"), [optional(), between(0, 500)])
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
            bands=self._bands(),
            enemies=tuple(filter(None, (_codes(line) for line in (self.enemies.data or "").splitlines()))),
            left_out=_codes(self.left_out.data or ""),
            included=_codes(self.included.data or ""),
            max_exposure=self.max_exposure.data,
            cool_down_months=self.cool_down_months.data,
            max_shared=self.max_shared.data if self.may_share.data else None,
        )

    def band_rows(self) -> list[tuple[str, bands.Bounds, Any, Any, int]]:
        """Return for each band its name, its bounds, the fields of its counts, and its questions."""
        return [
            (
                name,
                bounds,
                self[f"{name}_least"],
                self[f"{name}_most"],
                bands.count(bounds, self.difficulties),
            )
            for name, bounds in bands.bounds(*self._cuts()).items()
        ]

    def _cuts(self) -> tuple[Decimal, Decimal]:
        hard, easy = self.hard_below.data, self.easy_from.data
        return (
            bands.HARD_BELOW if hard is None else hard,
            bands.EASY_FROM if easy is None else easy,
        )

    def _bands(self) -> tuple[Cell, ...]:
        counts = {name: (self[f"{name}_least"].data, self[f"{name}_most"].data) for name in bands.NAMES}
        return bands.cells(*self._cuts(), counts)

    def _difficulty(self) -> Difficulty | None:
        if self.difficulty.data is None:
            return None
        room = TOLERANCE if self.tolerance.data is None else self.tolerance.data
        return Difficulty(mean=self.difficulty.data, tolerance=room)

    def validate(self, extra_validators: Any = None) -> bool:
        """Validate each field, and refuse an empty paper and what bars itself."""
        sound = bool(super().validate(extra_validators))
        if not sound:
            return False
        asked = self.asked(title="", scale=Decimal(1))
        if not asked.items:
            self.refuse(_l("Say how many questions the paper has"))
        elif any(len(group) < 2 for group in asked.enemies):
            self.refuse(_l("Write at least two codes on each line"), field="enemies")
        elif {*asked.included} & {*asked.left_out}:
            self.refuse(_l("A question cannot be in every form and left out"), field="included")
        elif asked.bands:
            return self._bands_fit(asked)
        else:
            return True
        return False

    def _bands_fit(self, asked: Asked) -> bool:
        hard, easy = self._cuts()
        if hard >= easy:
            self.refuse(_l("Easy questions begin above the hard ones"), field="easy_from")
            return False
        for name in bands.NAMES:
            least, most = self[f"{name}_least"].data, self[f"{name}_most"].data
            if most is not None and most < (least or 0):
                self.refuse(_l("At most cannot be below at least"), field=f"{name}_most")
                return False
        wrong = band_mistake(asked.bands, asked.items)
        if wrong == "beyond":
            told = _l("Easy, medium and hard questions add up to more than the form has")
            self.refuse(told, field="easy_least")
        elif wrong == "few":
            told = _l("At most so many easy, medium and hard questions do not fill the form")
            self.refuse(told, field="easy_most")
        return not wrong


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))


def draw_form(
    supply: Sequence[Supply],
    essays: Sequence[ItemEntry],
) -> type[DrawForm]:
    """Return the form whose cells are those of the bank's approved items; essays may be chosen by name."""
    fields: dict[str, Any] = {"cells": {}, "difficulties": bands.difficulties(supply)}
    rising = {level: place for place, level in enumerate(item_words.LEVELS)}
    counts: Counter[tuple[str, str]] = Counter()
    for each in supply:
        counts[each.topic, each.level] += each.count
    for topic, level in sorted(counts, key=lambda place: (place[0], rising.get(place[1], len(rising)))):
        if not topic and not level:
            continue
        name = f"cell-{hashlib.sha256(f'{topic}/{level}'.encode()).hexdigest()[:12]}"
        fields["cells"][name] = (topic, level, counts[topic, level])
        words = f"{topic or '–'} · {item_words.level(level)}"
        fields[name] = IntegerField(words, [optional(), between(0, counts[topic, level])])
    if essays:
        fields["chosen"] = CheckboxesField(
            _l("Questions chosen by the board"),
            [optional()],
            choices=[(entry.external_id, f"{entry.external_id} – {_asks(entry)}") for entry in essays],
        )
    return type("BankDrawForm", (DrawForm,), fields)


def _asks(entry: ItemEntry) -> str:
    if entry.restricted:
        return str(gettext("Restricted: opened on its own page only"))
    flat = presentation.flat(entry.stem)
    return flat if len(flat) <= CUT else f"{flat[:CUT]}…"
