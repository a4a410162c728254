# SPDX-License-Identifier: Apache-2.0
"""What a response earns by the rules of a QTI file itself, outcome by outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lxml import etree

from question_bank.formats import xml
from question_bank.formats.archive import ArchiveRefused, is_archive
from question_bank.formats.intake import Notes, TooMany, Unreadable
from question_bank.formats.qti import essays, items, names, package, v1
from question_bank.formats.qti.probe import Probe
from question_bank.formats.qti.processing import Processing
from question_bank.formats.qti.values import Value, as_json, of_json
from question_bank.grading import InvalidResponse
from question_bank.json_values import Json

_FOR_PEOPLE = ("extendedTextInteraction", "uploadInteraction", "drawingInteraction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """The outcomes of one response, the marks among them and whether a person has to add to them."""

    score: Value
    max: Value
    outcomes: Mapping[str, Value]
    needs_person: bool

    def as_dict(self) -> dict[str, Json]:
        """The output of ``items score``: decimals as strings."""
        return {
            "score": as_json(self.score),
            "max": as_json(self.max),
            "outcomes": {name: as_json(value) for name, value in self.outcomes.items()},
            "needs_person": self.needs_person,
        }


def score(content: bytes, given: Mapping[str, Json], item_id: str | None = None) -> Outcomes:
    """The outcomes of responses by identifier; raises `Unreadable` and `InvalidResponse`."""
    try:
        return _score(_item(content, item_id), given)
    except (xml.XmlRefused, ArchiveRefused, TooMany) as problem:
        line = getattr(problem, "line", 1)
        raise Unreadable(line, getattr(problem, "code", "too_many"), str(problem)) from problem


def _score(root: etree._Element, given: Mapping[str, Json]) -> Outcomes:
    items.refuse_programs(root)
    processing = Processing(root)
    for name in given:
        if name not in processing.responses:
            raise InvalidResponse("unknown_id", f"The item declares no response {name!r}.", name)
    values = {
        name: of_json(declaration.base_type, declaration.cardinality, given.get(name))
        for name, declaration in processing.responses.items()
    }
    outcomes = processing.run(values)
    probe = Probe(processing, Notes(), names.line_of(root))
    chief = probe.outcome(outcomes)
    is_for_people = any(element is not None for element in root.iter(*_FOR_PEOPLE))
    found = outcomes.get(chief) if chief else None
    return Outcomes(
        score=Fraction(0) if found is None else found,
        max=_most(outcomes, probe),
        outcomes=outcomes,
        needs_person=is_for_people and not probe.score(probe.right()) > 0,
    )


def _most(outcomes: Mapping[str, Value], probe: Probe) -> Value:
    """MAXSCORE where the file sets it, else what the right response earns."""
    named = outcomes.get("MAXSCORE")
    if isinstance(named, Fraction) and named > 0:
        return named
    return essays.most(probe) or probe.score(probe.right())


def _item(content: bytes, item_id: str | None) -> etree._Element:
    found = [root for root in _items(content) if item_id in {None, root.get("identifier"), root.get("ident")}]
    if len(found) != 1:
        what = "no item of this id" if item_id else f"{len(found)} items: name one"
        raise Unreadable(1, "which_item", f"The file holds {what}.", item_id or "")
    return found[0] if found[0].tag == "assessmentItem" else v1.translated(found[0])


def _items(content: bytes) -> list[etree._Element]:
    if not is_archive(content):
        return _inside(xml.parse(content)[0])
    held = package.opened(content)
    found = []
    for resource in held.resources:
        if held.archive.has(held.part(resource.href)):
            found += _inside(xml.parse(held.text(resource.href))[0])
    return found


def _inside(root: etree._Element) -> list[etree._Element]:
    names.plain(root)
    if root.tag == "questestinterop":
        return list(root.iter("item"))
    return [root] if root.tag in {"assessmentItem", "item"} else []
