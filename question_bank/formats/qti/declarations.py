# SPDX-License-Identifier: Apache-2.0
"""What an item declares of its responses and outcomes: type, right response, mapping, tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti import shapes
from question_bank.formats.qti.names import line_of, text_of
from question_bank.formats.qti.values import Single, Value, entries, many, number, single


@dataclass(frozen=True, slots=True)
class Entry:
    """What one response is worth, and the place of that in the list: the first entry that fits counts."""

    value: Fraction
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTable:
    """Worth by response, with bounds and a worth for everything else; `loose` holds folded keys."""

    exact: Mapping[Single, Entry]
    loose: Mapping[str, Entry]
    spelt: Mapping[Single, Fraction]
    default: Fraction
    lower: Fraction | None
    upper: Fraction | None

    def worth(self, value: Value) -> Fraction:
        """The sum over a container, every member counted; held within the bounds."""
        found = sum((self._of(member) for member in entries(value)), Fraction(0))
        if value is None and self.lower is None:
            return Fraction(0)
        found = found if self.lower is None else max(found, self.lower)
        return found if self.upper is None else min(found, self.upper)

    def is_loose(self, key: str) -> bool:
        """True when the case of this key does not count."""
        return key.strip().casefold() in self.loose and key.strip() not in self.exact

    def _of(self, member: Single) -> Fraction:
        bare = member.strip() if isinstance(member, str) else member
        found = [self.exact[bare]] if bare in self.exact else []
        if isinstance(bare, str) and bare.casefold() in self.loose:
            found.append(self.loose[bare.casefold()])
        return min(found, key=lambda entry: entry.place).value if found else self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One variable."""

    identifier: str
    cardinality: str
    base_type: str
    line: int
    default: Value
    correct: Value
    mapping: MapTable | None
    areas: "tuple[tuple[shapes.Shape, Fraction], ...]"
    area_default: Fraction
    table: etree._Element | None
    highest: Fraction | None

    def parse(self, texts: list[str]) -> Value:
        """The value these texts spell."""
        found = tuple(value for text in texts if (value := single(self.base_type, text)) is not None)
        if self.cardinality in {"multiple", "ordered"}:
            return many(found, is_ordered=self.cardinality == "ordered")
        return found[0] if found else None

    def points(self, value: Value) -> Fraction:
        """The worth of points: each area pays once."""
        left, found = list(self.areas), Fraction(0)
        for point in entries(value):
            hit = next((area for area in left if shapes.holds(area[0], point)), None)
            found += hit[1] if hit else self.area_default
            left = [area for area in left if area is not hit]
        table = self.mapping
        found = found if table is None or table.lower is None else max(found, table.lower)
        return found if table is None or table.upper is None else min(found, table.upper)


def declared(root: etree._Element, name: str) -> dict[str, Declaration]:
    """The declarations of this name, by identifier."""
    found = (_declaration(element) for element in root.iterchildren(name))
    return {declaration.identifier: declaration for declaration in found}


def worth_of(element: etree._Element, name: str) -> Fraction | None:
    """The number of an attribute, or None where it is absent; raises `Unreadable` for what is none."""
    spelt = element.get(name)
    if spelt is None or not spelt.strip():
        return None
    found = number(spelt)
    if found is None:
        raise Unreadable(line_of(element), "bad_number", f"{spelt[:60]!r} is no number.", spelt)
    return found


def _declaration(element: etree._Element) -> Declaration:
    base_type = element.get("baseType", "string")
    cardinality = element.get("cardinality", "single")
    mapping, areas = element.find("mapping"), element.find("areaMapping")
    bare = Declaration(
        identifier=element.get("identifier", ""),
        cardinality=cardinality,
        base_type=base_type,
        line=line_of(element),
        default=None,
        correct=None,
        mapping=_mapping(mapping if mapping is not None else areas, base_type),
        areas=_areas(areas),
        area_default=Fraction(0) if areas is None else worth_of(areas, "defaultValue") or Fraction(0),
        highest=_positive(element.get("normalMaximum", "")),
        table=next((child for child in element if child.tag in {"matchTable", "interpolationTable"}), None),
    )
    default = _values(element.find("defaultValue"), bare)
    if default is None and element.get("defaultValue"):
        default = bare.parse([element.get("defaultValue", "")])
    return Declaration(
        **{
            **{name: getattr(bare, name) for name in Declaration.__slots__},
            "default": default,
            "correct": _values(element.find("correctResponse"), bare),
        }
    )


def _positive(spelt: str) -> Fraction | None:
    found = number(spelt)
    return found if found is not None and found > 0 else None


def _values(holder: etree._Element | None, bare: Declaration) -> Value:
    if holder is None:
        return None
    found = list(holder.iterchildren("value"))
    if bare.cardinality == "record":
        made: dict[str, Value] = {}
        for value in found:
            made[value.get("fieldIdentifier", "")] = single(value.get("baseType", "string"), text_of(value))
        return made or None
    texts = [text for value in found if (text := text_of(value))]
    if bare.cardinality in {"multiple", "ordered"} and len(texts) == 1 and bare.base_type == "identifier":
        texts = texts[0].replace(",", " ").split()  # several identifiers in one value are seen in the wild
    return bare.parse(texts)


def _mapping(element: etree._Element | None, base_type: str) -> MapTable | None:
    if element is None:
        return None
    usual = element.get("caseSensitive")
    exact: dict[Single, Entry] = {}
    loose: dict[str, Entry] = {}
    spelt: dict[Single, Fraction] = {}
    for place, entry in enumerate(element.iterchildren("mapEntry")):
        key = single(base_type, entry.get("mapKey", ""))
        worth = worth_of(entry, "mappedValue")
        if key is None or worth is None:
            continue
        spelt.setdefault(key, worth)
        is_exact = entry.get("caseSensitive", usual or "true") not in {"false", "0"}
        if isinstance(key, str) and not is_exact:
            loose.setdefault(key.strip().casefold(), Entry(worth, place))
        else:
            exact.setdefault(key.strip() if isinstance(key, str) else key, Entry(worth, place))
    return MapTable(
        exact=exact,
        loose=loose,
        spelt=spelt,
        default=worth_of(element, "defaultValue") or Fraction(0),
        lower=worth_of(element, "lowerBound"),
        upper=worth_of(element, "upperBound"),
    )


def _areas(element: etree._Element | None) -> "tuple[tuple[shapes.Shape, Fraction], ...]":
    if element is None:
        return ()
    return tuple(
        (shapes.shape(entry), worth_of(entry, "mappedValue") or Fraction(0))
        for entry in element.iterchildren("areaMapEntry")
    )


def defaults(declarations: Mapping[str, Declaration]) -> dict[str, Value]:
    """The values variables start with: numbers at nought where nothing else is said."""
    found: dict[str, Value] = {}
    for name, declaration in declarations.items():
        is_number = declaration.base_type in {"float", "integer"} and declaration.cardinality == "single"
        found[name] = Fraction(0) if declaration.default is None and is_number else declaration.default
    return found
