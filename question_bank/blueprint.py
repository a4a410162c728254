# SPDX-License-Identifier: Apache-2.0
"""The blueprint of a test (ma trận đề thi): how many items of which topic and level.

Schema ``exam-portal/blueprint/1``, TOML. Every mistake of a file is reported at once, each with its path.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from question_bank.fields import Fields
from question_bank.item import LEVELS, Item
from question_bank.json_reader import node_of
from question_bank.json_values import Json, decimal_text
from question_bank.paper import MOST_ITEMS
from question_bank.problems import Path, Problem, Problems

SCHEMA = "exam-portal/blueprint/1"
MOST_TEXT = 1_000_000


class BlueprintMistakes(ValueError):
    """The blueprint cannot be used; `mistakes` names every path and reason."""

    def __init__(self, mistakes: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """From `least` to `most` items of a topic, a level, a band of difficulty, or of all that is named.

    The band holds the items whose expected proportion correct is `easiness_from` or more and below
    `easiness_to`; one that ends with 1 holds 1.
    """

    topic: str | None
    level: str | None
    least: int
    most: int
    easiness_from: Decimal | None = None
    easiness_to: Decimal | None = None

    def holds(self, item: Item) -> bool:
        """True when the item counts in this cell."""
        return (
            (self.topic is None or self.topic in item.topics)
            and self.level in {None, item.level}
            and self.band_holds(item.difficulty)
        )

    @property
    def has_band(self) -> bool:
        """Whether the cell names a band of difficulty."""
        return self.easiness_from is not None or self.easiness_to is not None

    def band_holds(self, difficulty: Decimal | None) -> bool:
        if not self.has_band:
            return True
        if difficulty is None or difficulty < (self.easiness_from or 0):
            return False
        return self.easiness_to is None or difficulty < self.easiness_to or self.easiness_to == 1

    def as_dict(self) -> dict[str, Json]:
        """The cell as written in the file."""
        named: dict[str, Json] = {}
        if self.easiness_from is not None:
            named["from"] = decimal_text(self.easiness_from)
        if self.easiness_to is not None:
            named["to"] = decimal_text(self.easiness_to)
        if self.topic is not None:
            named["topic"] = self.topic
        if self.level is not None:
            named["level"] = self.level
        return named | (
            {"count": self.least} if self.least == self.most else {"min": self.least, "max": self.most}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """The mean expected proportion correct of a form, within a tolerance on either side."""

    mean: Decimal
    tolerance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What every form of the test must satisfy. Enemies never stand in one form."""

    items: int
    marks: Decimal
    minutes: int
    cells: tuple[Cell, ...] = ()
    difficulty: Difficulty | None = None
    enemies: tuple[tuple[str, ...], ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    max_uses: int = 1
    max_overlap: int = 0
    item_marks: Decimal | None = None  # what the own marks of a form's items add up to


def parse(toml: str, file: str = "") -> Blueprint:
    """The blueprint in the TOML text; raises `BlueprintMistakes` with all of them."""
    problems = Problems(file)
    if len(toml) > MOST_TEXT:
        problems.error(1, "too_long", f"More than {MOST_TEXT} characters.")
        raise BlueprintMistakes(problems.found())
    try:
        document = tomllib.loads(toml.removeprefix("\ufeff"), parse_float=Decimal)
    except (
        ValueError,
        ArithmeticError,
        RecursionError,
    ) as problem:  # a number of 5,000 digits is no TOML error
        found = re.search(r"\(at line (\d+), column \d+\)", str(problem))
        why = "nested too deep" if isinstance(problem, RecursionError) else str(problem)
        problems.error(int(found[1]) if found else 1, "not_toml", f"The file is not TOML: {why}.")
        raise BlueprintMistakes(problems.found()) from problem
    blueprint = _read(Fields(node_of(document), (), problems))
    if problems.errors:
        raise BlueprintMistakes(problems.found())
    return blueprint


def strangers(blueprint: Blueprint, bank: Mapping[str, Item], file: str = "") -> tuple[Problem, ...]:
    """What the blueprint names and the bank does not hold, each at its path: a misspelt name is a mistake."""
    problems = Problems(file)
    topics = {topic for item in bank.values() for topic in item.topics}
    for at, cell in enumerate(blueprint.cells):
        if cell.topic is not None and cell.topic not in topics:
            message = f"No item of the bank has the topic {cell.topic!r}."
            problems.error(1, "unknown_topic", message, path=("cells", at, "topic"), detail=cell.topic)
    for path, name in _named(blueprint):
        if name not in bank:
            message = f"The bank has no item {name!r}."
            problems.error(1, "unknown_item", message, path=path, detail=name)
    return problems.found()


def _named(blueprint: Blueprint) -> Iterator[tuple[Path, str]]:
    for key, names in (("include", blueprint.include), ("exclude", blueprint.exclude)):
        yield from (((key, at), name) for at, name in enumerate(names))
    for at, group in enumerate(blueprint.enemies):
        yield from ((("enemies", at, place), name) for place, name in enumerate(group))


def band_mistake(cells: Sequence[Cell], items: int) -> str:
    """What is wrong with bands of difficulty beside each other: ``beyond`` the form, or too ``few``.

    Empty where they fit, and where they overlap. Bands from 0 to 1 without a gap hold every item that states
    its difficulty; a form that they do not fill would have to hold items that state none.
    """
    zero, one = Decimal(0), Decimal(1)
    bands = sorted(
        (cell for cell in cells if cell.topic is None and cell.level is None and cell.has_band),
        key=lambda cell: cell.easiness_from or zero,
    )
    lows = [zero if band.easiness_from is None else band.easiness_from for band in bands]
    highs = [one if band.easiness_to is None else band.easiness_to for band in bands]
    if any(high > low for high, low in zip(highs, lows[1:], strict=False)):
        return ""
    if sum(band.least for band in bands) > items:
        return "beyond"
    is_whole = bool(bands) and [zero, *highs] == [*lows, one]
    return "few" if is_whole and sum(band.most for band in bands) < items else ""


def _read(fields: Fields) -> Blueprint:
    if fields.require("schema") and fields.optional_text("schema") != SCHEMA:
        fields.refuse("unknown_schema", f"The schema is not {SCHEMA!r}.", key="schema")
    fields.require("items")
    items = fields.whole("items", least=1, most=MOST_ITEMS)
    most = MOST_ITEMS if items is None else items
    marks = fields.decimal("marks", least=Decimal("0.001"), most=Decimal(1000))
    minutes = fields.whole("minutes", least=1, most=600)
    uses = fields.whole("max_uses", least=1, most=1000)
    overlap = fields.whole("max_overlap", least=0, most=MOST_ITEMS)
    blueprint = Blueprint(
        items=most,
        marks=Decimal(100) if marks is None else marks,
        minutes=60 if minutes is None else minutes,
        cells=tuple(_cell(entry, most) for entry in fields.objects("cells")),
        difficulty=_difficulty(fields),
        enemies=fields.groups("enemies"),
        include=fields.texts("include"),
        exclude=fields.texts("exclude"),
        max_uses=1 if uses is None else uses,
        max_overlap=0 if overlap is None else overlap,
        item_marks=fields.decimal("item_marks", least=Decimal("0.001"), most=Decimal(100000)),
    )
    _check(fields, blueprint)
    _check_bands(fields, blueprint)
    _check_repeated(fields, blueprint)
    fields.close()
    return blueprint


def _cell(fields: Fields, items: int) -> Cell:
    count = fields.whole("count", least=0, most=items)
    least = fields.whole("min", least=0, most=items)
    most = fields.whole("max", least=0, most=items)
    topic = fields.text("topic") if fields.has("topic") else None
    level = fields.choice("level", LEVELS)
    low, high = (fields.decimal(key, least=Decimal(0), most=Decimal(1)) for key in ("from", "to"))
    if topic is None and level is None and not fields.has("from") and not fields.has("to"):
        fields.refuse("empty_cell", "A cell names a topic, a level or a band of difficulty.")
    if low is not None and high is not None and low >= high:
        fields.refuse("empty_band", "from is not below to.", key="from")
    if fields.has("count") == (fields.has("min") or fields.has("max")):
        fields.refuse("count_or_bounds", "A cell has either count, or min or max or both.")
    fields.close()
    if count is not None:
        least = most = count
    cell = Cell(
        topic=topic,
        level=level,
        least=least or 0,
        most=items if most is None else most,
        easiness_from=low,
        easiness_to=high,
    )
    if cell.least > cell.most:
        fields.refuse("empty_range", "min is above max.", key="min")
    return cell


def _difficulty(fields: Fields) -> Difficulty | None:
    entry = fields.object("difficulty")
    if entry is None:
        return None
    present = [entry.require(key) for key in ("mean", "tolerance")]
    mean = entry.decimal("mean", least=Decimal(0), most=Decimal(1))
    tolerance = entry.decimal("tolerance", least=Decimal(0), most=Decimal(1))
    entry.close()
    if not all(present) or mean is None or tolerance is None:
        return None
    return Difficulty(mean=mean, tolerance=tolerance)


def _check(fields: Fields, blueprint: Blueprint) -> None:
    names = [(cell.topic, cell.level, cell.easiness_from, cell.easiness_to) for cell in blueprint.cells]
    for index, name in enumerate(names):
        if name in names[:index]:
            fields.refuse("repeated_cell", f"Cell {index} names the same items as another.", key="cells")
    if len(set(blueprint.include)) > blueprint.items:
        fields.refuse("too_many_asked", "More items are included than the form has.", key="include")
    for item in sorted(set(blueprint.include) & set(blueprint.exclude)):
        fields.refuse(
            "included_and_excluded", f"{item!r} is included and excluded.", key="include", detail=item
        )
    for index, group in enumerate(blueprint.enemies):
        if len(set(group)) < 2:
            fields.refuse("lonely_enemy", f"Group {index} needs two different items.", key="enemies")
        if len(set(group) & set(blueprint.include)) > 1:
            fields.refuse("included_enemies", f"Group {index} has two included items.", key="enemies")


def _check_bands(fields: Fields, blueprint: Blueprint) -> None:
    wrong = band_mistake(blueprint.cells, blueprint.items)
    if wrong == "beyond":
        fields.refuse("bands_beyond", "The bands ask for more items than the form has.", key="cells")
    elif wrong == "few":
        fields.refuse("bands_few", "The bands from 0 to 1 hold fewer items than the form has.", key="cells")


def _check_repeated(fields: Fields, blueprint: Blueprint) -> None:
    for key, names in (("include", blueprint.include), ("exclude", blueprint.exclude)):
        for name in sorted(name for name, times in Counter(names).items() if times > 1):
            fields.refuse("repeated", f"{name!r} stands there twice.", key=key, detail=name)


def difficulty_text(difficulty: Difficulty) -> str:
    """The bound as people write it: ``0.55 ± 0.01``."""
    return f"{decimal_text(difficulty.mean)} ± {decimal_text(difficulty.tolerance)}"
