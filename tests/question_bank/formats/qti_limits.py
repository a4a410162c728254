# SPDX-License-Identifier: Apache-2.0
"""Which questions of QTI items cannot hold, as the page says it: judged from the file alone."""

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote

from lxml import etree

from tests.question_bank.formats.qti_keys import (
    CHOICES,
    INLINE,
    Asked,
    attribute,
    below,
    content,
    identifiers,
    interactions,
    is_declared,
    key,
    sets,
    tag,
)  # fmt: skip

HELD = frozenset(
    {
        "choiceInteraction", "inlineChoiceInteraction", "textEntryInteraction", "extendedTextInteraction",
        "matchInteraction", "orderInteraction", "gapMatchInteraction",
    }
)  # fmt: skip
TEMPLATES = frozenset(
    {
        "match_correct", "map_response", "map_response_point", "match_correct_response",
        "map_response_points",
    }
)  # fmt: skip
PROGRAMS = ("templateDeclaration", "templateProcessing", "templateBlock", "templateInline", "include")
NOT_RECKONED = frozenset(
    {"customOperator", "patternMatch", "randomInteger", "randomFloat", "random", "mathConstant"}
)
NOT_KEPT = ("math", "audio", "video", "svg", "iframe", "embed", "gapImg", "figure")
MOST_PICTURE, MOST_PICTURES = 120_000, 148_000


def asked(root: etree._Element, has_file: Callable[[str], bool]) -> Asked:
    """The question of an item; `has_file` says whether the package holds a picture."""
    reason = unsupported(root, has_file)
    return Asked(id=attribute(root, "identifier"), unsupported=reason) if reason else content(root)


def unsupported(root: etree._Element, has_file: Callable[[str], bool]) -> str:
    """Why items cannot hold this, as the page says it; nothing where they can."""
    found = interactions(root)
    kinds = {tag(each) for each in found}
    if attribute(root, "adaptive") in {"true", "1"}:
        return "adaptive"
    if below(root, *PROGRAMS) or any(below(body, "printedVariable") for body in below(root, "itemBody")):
        return "template"
    if not below(root, "itemBody"):
        return "no body"
    if kinds - HELD:
        return "interaction"
    if (kinds & INLINE and kinds - INLINE) or ("gapMatchInteraction" in kinds and len(found) > 1):
        return "mixed"
    if lost := _lost(root, has_file):
        return lost
    asking = [each for each in found if tag(each) != "extendedTextInteraction"]
    if asking and (reason := _rules_beyond(root, asking)):
        return reason
    return next((reason for each in asking if (reason := _no_key(root, each))), "")


def _rules_beyond(root: etree._Element, asking: list[etree._Element]) -> str:
    """Why the rules of the item say more than its declarations, or cannot be obeyed."""
    bounds = [attribute(each, end) for each in below(root, "mapping") for end in ("upperBound", "lowerBound")]
    if any(bound and not _is_number(bound) for bound in bounds):
        return "bad number"
    rules = next(iter(below(root, "responseProcessing")), None)
    if rules is None:
        return ""
    if below(rules, "setResponseValue"):
        return "responses changed"
    spaces = {"", _space(root)}
    if any(tag(each) in NOT_RECKONED or _space(each) not in spaces for each in rules.iter(etree.Element)):
        return "operator"
    names = {attribute(each, "responseIdentifier") for each in asking}
    return _template(rules, names) or _entangled(root, rules, names)


def _template(rules: etree._Element, names: set[str]) -> str:
    address = attribute(rules, "template")
    if attribute(rules, "templateLocation") or (address and not _is_standard(address)):
        return "rules elsewhere"
    return "not marked" if address and names != {"RESPONSE"} else ""


def _entangled(root: etree._Element, rules: etree._Element, names: set[str]) -> str:
    kinds = ("responseDeclaration", "outcomeDeclaration")
    declared = {attribute(each, "identifier") for each in below(root, *kinds)}
    if any(_sets_unknown(each, declared) for each in below(rules, "setOutcomeValue")):
        return "undeclared outcome"
    for each in below(rules, "match", "stringMatch", "equal", "or"):
        inside = below(each, "variable") if tag(each) == "or" else [c for c in each if tag(c) == "variable"]
        if len({attribute(child, "identifier") for child in inside} & names) > 1:
            return "answers compared with each other"
    return ""


def _sets_unknown(rule: etree._Element, declared: set[str]) -> bool:
    """True where a rule that may be reached sets what nobody declares."""
    branch = rule.getparent()
    conditions = below(branch[0], "variable") if branch is not None and len(branch) else []
    asked_for = {attribute(each, "identifier") for each in conditions}
    return attribute(rule, "identifier") not in declared and asked_for <= declared


def _space(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[0]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d*)?", text.strip()) is not None


def _is_standard(address: str) -> bool:
    return address.rpartition("/")[2].split(".")[0] in TEMPLATES


def _lost(root: etree._Element, has_file: Callable[[str], bool]) -> str:
    (body, *_) = below(root, "itemBody")
    if below(body, *NOT_KEPT):
        return "media"
    for each in below(body, "img", "object"):
        address = attribute(each, "src") or attribute(each, "data")
        if any(tag(above) in CHOICES for above in each.iterancestors()):
            return "picture in option"
        if not address.startswith("data:image/") and not has_file(address):
            return "picture"
    return ""


def _no_key(root: etree._Element, interaction: etree._Element) -> str:
    kind, name = tag(interaction), attribute(interaction, "responseIdentifier")
    right = key(root, name)
    if kind in {"choiceInteraction", "inlineChoiceInteraction"}:
        if len(below(interaction, "simpleChoice", "inlineChoice")) < 2:
            return "one option"
        if right and not is_declared(root, name) and _are_several(sets(root, name)):
            return "several keys"
    if kind == "textEntryInteraction" and _is_half(root, name):
        return "half a range"
    return _incomplete(interaction, right) if right else "no key"


def _are_several(found: list[list[str]]) -> bool:
    first = set(found[0])
    return any(not (set(each) <= first or first <= set(each)) for each in found)


def _incomplete(interaction: etree._Element, right: list[str]) -> str:
    kind = tag(interaction)
    if kind == "orderInteraction" and sorted(right) != sorted(identifiers(interaction, "simpleChoice")):
        return "partial order"
    if kind == "matchInteraction":
        pairs = [pair.split() for pair in right]
        rows = [identifiers(each, "simpleAssociableChoice") for each in below(interaction, "simpleMatchSet")]
        if not any(sorted(pair[side] for pair in pairs) == sorted(rows[side]) for side in (0, 1)):
            return "several partners"
    named = {entry for pair in right for entry in pair.split()}
    if kind == "gapMatchInteraction" and not set(identifiers(interaction, "gap")) <= named:
        return "no key"
    return ""


def _is_half(root: etree._Element, name: str) -> bool:
    """True where a number is compared with a lower end only or an upper end only."""
    ends = [
        tag(each)[:1]
        for each in below(root, "gt", "gte", "lt", "lte")
        if any(tag(child) == "variable" and attribute(child, "identifier") == name for child in each)
        and not any(tag(above) == "and" for above in each.iterancestors())
    ]
    return bool(ends)


def beside(href: str, sizes: dict[str, int]) -> Callable[[str], bool]:
    """Whether a package with these parts holds the picture that an item names, and all of them are small."""
    folder = posixpath.dirname(href)
    left = MOST_PICTURES

    def has(address: str) -> bool:
        nonlocal left
        bare_address = re.sub(r"^\$IMS[-_]CC[-_]FILE_?BASE\$/?", "", unquote(address).split("?")[0])
        names = [posixpath.normpath(posixpath.join(place, bare_address)) for place in (folder, "")]
        found = [name for name in sizes if name in names or name.endswith("/" + bare_address)]
        left -= sizes[found[0]] if found else 0
        return bool(found) and sizes[found[0]] <= MOST_PICTURE and left >= 0

    return has
