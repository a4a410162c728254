# SPDX-License-Identifier: Apache-2.0
"""What a QTI item asks and which response it calls right, read from its declarations alone.

A second reading for the conformance table. It shares no line with the reader of the project and goes another
way: it looks at the declared right response, at mappings and at texts, and never runs the rules.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

INLINE = frozenset({"inlineChoiceInteraction", "textEntryInteraction"})
CHOICES = (
    "simpleChoice", "inlineChoice", "gapText", "simpleAssociableChoice",
)  # fmt: skip
HIDDEN = frozenset(
    {
        *CHOICES, "rubricBlock", "feedbackBlock", "feedbackInline", "stylesheet", "script", "style",
        "companionMaterialsInfo", "catalogInfo",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of a file: why it is not supported, or what it asks, with which key."""

    id: str
    unsupported: str = ""
    text: str = ""
    parts: tuple[Any, ...] = ()


def tag(element: etree._Element) -> str:
    """The name of 2.2."""
    name = str(element.tag).rpartition("}")[2]
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name.removeprefix("qti-"))


def attribute(element: etree._Element, name: str) -> str:
    """The value under the name of 2.2 or of 3.0."""
    dashed = re.sub(r"([A-Z])", lambda found: "-" + found[1].lower(), name)
    return element.get(name) or element.get(dashed) or ""


def bare(text: str) -> str:
    """Letters and digits only."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def below(element: etree._Element, *names: str) -> list[etree._Element]:
    """The elements of these names, in their order."""
    return [each for each in element.iter(etree.Element) if tag(each) in names]


def said(element: etree._Element, without: frozenset[str] = frozenset()) -> str:
    """The text of an element without that of some children."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and tag(child) not in without and not _is_for_others(child):
            pieces.append(said(child, without))
        pieces.append(child.tail or "")
    return " ".join(pieces)


def _is_for_others(element: etree._Element) -> bool:
    return tag(element) == "object"


def content(root: etree._Element) -> Asked:
    """What a supported item asks."""
    name = attribute(root, "identifier")
    found = interactions(root)
    (body,) = below(root, "itemBody")
    for each in below(body, "rubricBlock"):
        if "candidate" in attribute(each, "view").split():
            each.tag = "div"
    blocks = [each for each in found if tag(each) not in INLINE]
    several = len(blocks) > 1
    text = bare(said(body, HIDDEN | {"prompt"} if several else HIDDEN))
    if len(found) > len(blocks) or (found and tag(found[0]) == "gapMatchInteraction"):
        return Asked(id=name, text=text, parts=tuple(part for each in found for part in part_of(root, each)))
    text = text or bare(root.get("title") or "")
    parts = [part_of(root, each)[0] for each in found]
    if several:
        prompts = [bare(" ".join(said(p, HIDDEN) for p in below(each, "prompt"))) for each in found]
        parts = list(zip(prompts, parts, strict=True))
    return Asked(id=name, text=text, parts=tuple(parts))


def interactions(root: etree._Element) -> list[etree._Element]:
    """Everything a candidate answers."""
    return [each for each in root.iter(etree.Element) if tag(each).endswith("Interaction")]


def declaration(root: etree._Element, name: str) -> etree._Element | None:
    """The declaration of a response."""
    return next((d for d in below(root, "responseDeclaration") if attribute(d, "identifier") == name), None)


def key(root: etree._Element, name: str) -> list[str]:
    """The right response as declared, else what a mapping pays for, else what the rules compare with."""
    declared = declaration(root, name)
    if declared is None:
        return []
    right = [
        said(value).strip()
        for each in below(declared, "correctResponse")
        for value in below(each, "value")
        if said(value).strip()
    ]
    paid = {
        attribute(each, "mapKey"): float(attribute(each, "mappedValue") or 0)
        for each in below(declared, "mapEntry")
    }
    if not right and attribute(declared, "cardinality") == "single" and paid:
        return [max(paid, key=lambda entry: paid[entry])]
    right = right or [entry for entry, worth in paid.items() if worth > 0]
    return right or next(iter(sets(root, name)), [])


def is_declared(root: etree._Element, name: str) -> bool:
    """True where the declaration says what is right."""
    declared = declaration(root, name)
    return declared is not None and bool(below(declared, "value", "mapEntry"))


def identifiers(element: etree._Element, name: str) -> list[str]:
    """The identifiers of the elements of this name."""
    return [attribute(each, "identifier") for each in below(element, name)]


def sets(root: etree._Element, name: str) -> list[list[str]]:
    """The constants that the rules compare a response with: those that pay, set by set."""
    return [
        [said(value).strip() for value in below(each, "baseValue")]
        for each in below(root, "match", "stringMatch", "member", "contains")
        if any(attribute(child, "identifier") == name for child in below(each, "variable"))
    ]


def part_of(root: etree._Element, interaction: etree._Element) -> list[tuple[Any, ...]]:
    """Kind and key of an interaction, with texts for identifiers; one for each gap of a gap match."""
    kind = tag(interaction)
    name = attribute(interaction, "responseIdentifier")
    right = key(root, name)
    texts = {
        attribute(each, "identifier"): bare(said(each, frozenset({"feedbackInline", "feedbackBlock"})))
        for each in below(interaction, *CHOICES)
    }
    if kind in {"choiceInteraction", "inlineChoiceInteraction"}:
        return [("choice", frozenset(texts.values()), frozenset(texts.get(each, "") for each in right))]
    if kind == "orderInteraction":
        return [("order", tuple(texts[each] for each in right))]
    if kind == "matchInteraction":
        return [("match", frozenset(frozenset(texts[entry] for entry in pair.split()) for pair in right))]
    if kind == "gapMatchInteraction":
        words = {entry: texts[word] for pair in right for word, entry in _both_ways(pair) if word in texts}
        gaps = identifiers(interaction, "gap")
        return [("choice", frozenset(texts.values()), frozenset({words[gap]})) for gap in gaps]
    declared = declaration(root, name)
    if kind == "textEntryInteraction" and declared is not None:
        is_number = attribute(declared, "baseType") in {"float", "integer"}
        return [("number" if is_number else "typed", frozenset(right))]
    return [("essay",)]


def _both_ways(pair: str) -> Iterator[tuple[str, str]]:
    first, second = pair.split()
    yield first, second
    yield second, first
