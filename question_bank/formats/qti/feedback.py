# SPDX-License-Identifier: Apache-2.0
"""Modal feedback, found by asking the rules which of it they show for which response."""

from collections.abc import Mapping

from lxml import etree

from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.parts import Parts
from question_bank.formats.qti.probe import Probe, of
from question_bank.formats.qti.values import Value, entries
from question_bank.json_reader import Node

FEEDBACK = "FEEDBACK"


def general(root: etree._Element, probe: Probe, parts: Parts) -> str | None:
    """What is shown whatever a candidate answers."""
    found = [each for each in root.iterchildren("modalFeedback") if not _part_of(each)]
    if not found:
        return None
    tries: tuple[Mapping[str, Value], ...] = (probe.right(), {})
    seen = [probe.outcomes(given) for given in tries]
    shown = [each for each in found if all(_is_shown(each, outcomes) for outcomes in seen)]
    said = [text for each in shown if (text := parts.feedback(each))]
    return "\n\n".join(said) or None


def of_part(root: etree._Element, name: str, parts: Parts) -> str | None:
    """What is said of one of several questions."""
    found = [each for each in root.iterchildren("modalFeedback") if _part_of(each) == name]
    return "\n\n".join(text for each in found if (text := parts.feedback(each))) or None


def of_options(
    root: etree._Element, interaction: etree._Element, own: dict[str, object], probe: Probe, parts: Parts
) -> None:
    """What is shown for one option only is the feedback of that option; the rest is left out by name."""
    found = list(root.iterchildren("modalFeedback"))
    if not found:
        return
    declaration = probe.declaration(interaction.get("responseIdentifier", ""))
    names = [each.get("identifier", "") for each in interaction.iter("simpleChoice")]
    seen = {name: probe.outcomes({declaration.identifier: of(declaration, name)}) for name in names}
    for each in found:
        shown = [name for name in names if _is_shown(each, seen[name])]
        if len(shown) == 1 and len(names) > 1:
            _add(own, _key(interaction, own, shown[0]), parts.feedback(each))
        elif len(shown) != len(names):
            parts.left_out.setdefault("<modalFeedback>", line_of(each))


def _key(interaction: etree._Element, own: dict[str, object], name: str) -> str:
    if own["kind"] != "true_false":
        return name
    found = (each for each in interaction.iter("simpleChoice") if each.get("identifier") == name)
    return next((each.get("truth") or name.lower() for each in found), name)


def _add(own: dict[str, object], name: str, said: str | None) -> None:
    if own["kind"] == "true_false":
        own[f"feedback_{name}"] = own.get(f"feedback_{name}") or said
        return
    options = own["options"]
    for node in options if isinstance(options, list) else ():
        if node.value["id"].value == name and node.value["feedback"].value is None:
            node.value["feedback"] = Node(said, node.line)


def _part_of(element: etree._Element) -> str:
    """The question of several that the feedback is about, by the name of its outcome."""
    before, _, name = element.get("outcomeIdentifier", "").partition(".")
    return name if before == FEEDBACK else ""


def _is_shown(element: etree._Element, outcomes: Mapping[str, Value]) -> bool:
    held = outcomes.get(element.get("outcomeIdentifier", ""))
    is_named = element.get("identifier", "") in {str(value) for value in entries(held)}
    return is_named == (element.get("showHide", "show") != "hide")
