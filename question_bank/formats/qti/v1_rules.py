# SPDX-License-Identifier: Apache-2.0
"""The conditions of QTI 1.2 in the words of 2.2."""

from lxml import etree

from question_bank.fields import MOST_ENTRIES
from question_bank.formats.intake import Unreadable
from question_bank.formats.qti.names import line_of, text_of
from question_bank.formats.qti.values import number

FEEDBACK = "FEEDBACK"
_ORDERS = {"vargt": "gt", "vargte": "gte", "varlt": "lt", "varlte": "lte"}
_ACTIONS = {"add": "sum", "subtract": "subtract", "multiply": "product", "divide": "divide"}


def declare_outcomes(made: etree._Element, item: etree._Element) -> None:
    """The variables of the item as outcomes, and one for its feedback."""
    found = [each.get("varname", "SCORE") for each in item.iter("decvar")]
    found += [each.get("varname", "SCORE") for each in item.iter("setvar")]
    for name in dict.fromkeys(found or [*found, "SCORE"]):
        own = {"identifier": name, "cardinality": "single", "baseType": "float"}
        etree.SubElement(made, "outcomeDeclaration", own)
    own = {"identifier": FEEDBACK, "cardinality": "multiple", "baseType": "identifier"}
    etree.SubElement(made, "outcomeDeclaration", own)


def translate(made: etree._Element, item: etree._Element) -> None:
    """Every condition as a rule; one that is the last word (`continue="No"`) ends the processing."""
    rules = etree.SubElement(made, "responseProcessing")
    declared = {each.get("identifier", ""): each for each in made.iterchildren("responseDeclaration")}
    for condition in item.iter("respcondition"):
        holder = etree.SubElement(rules, "responseCondition")
        branch = etree.SubElement(holder, "responseIf")
        _condition(condition.find("conditionvar"), branch, declared)
        for action in condition:
            _action(action, branch)
        if condition.get("continue", "No").lower() == "no" and condition.find("setvar") is not None:
            is_last = not any(each.get("action", "Set").lower() != "set" for each in condition.iter("setvar"))
            if is_last:
                etree.SubElement(branch, "exitResponse")


def right_labels(item: etree._Element, name: str) -> list[str]:
    """The answers to one response that a paying condition names; of several conditions that add up, all."""
    found: list[str] = []
    for condition in item.iter("respcondition"):
        if not any((number(each.text or "") or 0) > 0 for each in condition.iter("setvar")):
            continue
        named = [
            text_of(each)
            for each in condition.iter("varequal")
            if each.get("respident") == name and not any(True for _ in each.iterancestors("not"))
        ]
        is_sum = any(each.get("action", "Set").lower() == "add" for each in condition.iter("setvar"))
        if named and not is_sum:
            return list(dict.fromkeys(named))
        found += named
    return list(dict.fromkeys(found))


def _condition(
    source: etree._Element | None, branch: etree._Element, declared: dict[str, etree._Element]
) -> None:
    """What stands side by side is a conjunction, but for several answers to a response that takes one."""
    children = [] if source is None else list(source)
    if len(children) > MOST_ENTRIES and source is not None:
        raise Unreadable(line_of(source), "too_many", f"More than {MOST_ENTRIES} conditions side by side.")
    holder = etree.SubElement(branch, "and")
    for child in children:
        if not _is_alternative(child, children, declared):
            _test(child, holder, declared)
    for name in dict.fromkeys(child.get("respident", "") for child in children):
        found = [
            child
            for child in children
            if child.get("respident", "") == name and _is_alternative(child, children, declared)
        ]
        if found:
            either = etree.SubElement(holder, "or")
            for child in found:
                _test(child, either, declared)
    if not len(holder):
        _true(holder)


def _is_alternative(
    child: etree._Element, children: list[etree._Element], declared: dict[str, etree._Element]
) -> bool:
    name = child.get("respident", "")
    same = [each for each in children if each.tag == "varequal" and each.get("respident") == name]
    single = name in declared and declared[name].get("cardinality") == "single"
    return child.tag == "varequal" and single and len(same) > 1


def _test(source: etree._Element, holder: etree._Element, declared: dict[str, etree._Element]) -> None:
    name = str(source.tag)
    if name in {"and", "or"}:
        made = etree.SubElement(holder, name)
        for child in source:
            _test(child, made, declared)
        if not len(made):
            _true(made)
    elif name == "not":
        made = etree.SubElement(holder, "not")
        inner = etree.SubElement(made, "or")
        etree.SubElement(inner, "baseValue", {"baseType": "boolean"}).text = "false"
        for child in source:
            _test(child, inner, declared)
    elif name in {"other", "unanswered"}:
        _true(holder) if name == "other" else _unanswered(source, holder)
    elif name in {"varequal", "varsubset", "varsubstring", *_ORDERS}:
        _comparison(source, holder, declared)
    else:
        message = f"The conditions hold <{name[:40]}>, which is not obeyed here."
        raise Unreadable(line_of(source), "unsupported_expression", message, name)


def _comparison(source: etree._Element, holder: etree._Element, declared: dict[str, etree._Element]) -> None:
    name = source.get("respident", "")
    if name not in declared:
        _false(holder)  # a response nobody can give
        return
    base_type, cardinality = (declared[name].get(key, "") for key in ("baseType", "cardinality"))
    spelt = text_of(source)
    if source.tag in _ORDERS:
        made = etree.SubElement(holder, _ORDERS[str(source.tag)])
        _variable(made, name)
        _base(made, "float", spelt)
    elif base_type == "string":
        loose = source.get("case", "No").lower() != "yes"
        own = {
            "caseSensitive": "false" if loose else "true",
            "substring": str(source.tag != "varequal").lower(),
        }
        made = etree.SubElement(holder, "stringMatch", own)
        _variable(made, name)
        _base(made, "string", spelt)
    elif cardinality == "multiple":
        made = _answered(holder, name, "member")
        _base(made, base_type, spelt)
        _variable(made, name)
    elif cardinality == "ordered":
        _ordered(source, holder, name)
    else:
        made = etree.SubElement(holder, "match")
        _variable(made, name)
        _base(made, base_type, spelt)


def _answered(holder: etree._Element, name: str, tag: str) -> etree._Element:
    """A test that is false, and not unknown, where nothing was answered."""
    both = etree.SubElement(holder, "and")
    _variable(etree.SubElement(both, "isNotNull"), name)
    return etree.SubElement(both, tag)


def _ordered(source: etree._Element, holder: etree._Element, name: str) -> None:
    """The place of an answer among its neighbours is its place in the order."""
    parent = source.getparent()
    same = [each for each in (parent if parent is not None else ()) if each.get("respident") == name]
    made = etree.SubElement(holder, "match")
    index = etree.SubElement(made, "index", {"n": source.get("index") or str(same.index(source) + 1)})
    _variable(index, name)
    _base(made, "identifier", text_of(source))


def _action(action: etree._Element, branch: etree._Element) -> None:
    if action.tag == "setvar":
        name = action.get("varname", "SCORE")
        target = etree.SubElement(branch, "setOutcomeValue", {"identifier": name})
        operator = _ACTIONS.get(action.get("action", "Set").lower())
        holder = target if operator is None else etree.SubElement(target, operator)
        if operator is not None:
            _variable(holder, name)
        _base(holder, "float", (action.text or "0").strip())
    elif action.tag == "displayfeedback":
        target = etree.SubElement(branch, "setOutcomeValue", {"identifier": FEEDBACK})
        both = etree.SubElement(target, "multiple")
        _variable(both, FEEDBACK)
        _base(both, "identifier", action.get("linkrefid", ""))


def _unanswered(source: etree._Element, holder: etree._Element) -> None:
    _variable(etree.SubElement(holder, "isNull"), source.get("respident", ""))


def _variable(holder: etree._Element, name: str) -> None:
    etree.SubElement(holder, "variable", {"identifier": name})


def _base(holder: etree._Element, base_type: str, spelt: str) -> None:
    etree.SubElement(holder, "baseValue", {"baseType": base_type}).text = spelt


def _true(holder: etree._Element) -> None:
    _base(holder, "boolean", "true")


def _false(holder: etree._Element) -> None:
    _base(holder, "boolean", "false")
