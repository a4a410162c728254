# SPDX-License-Identifier: Apache-2.0
"""The expressions of QTI's response processing, reckoned exactly and within bounds.

What is not reckoned here (random numbers, regular expressions, sines, operators of some program) is refused
by name, never guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti import arithmetic, comparing, containers, shapes
from question_bank.formats.qti.declarations import Declaration
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.values import Many, Value, entries, single

MOST_STEPS = 20_000
MOST_LEVELS = 60


@dataclass(slots=True)
class State:
    """The variables while one response is processed, and how much reckoning is left."""

    declarations: Mapping[str, Declaration]
    values: dict[str, Value]
    steps: int = field(default=MOST_STEPS)


def evaluate(element: etree._Element, state: State, level: int = 0) -> Value:
    """The value of an expression; raises `Unreadable` for one that is not reckoned here."""
    state.steps -= 1
    if state.steps < 0 or level > MOST_LEVELS:
        raise Unreadable(line_of(element), "too_deep", "The response processing asks for too much reckoning.")
    name = str(element.tag)
    special = _SPECIAL.get(name)
    if special:
        found = special(element, state, level)
    else:
        operator = _OPERATORS.get(name)
        if operator is None:
            message = f"The response processing holds <{name[:40]}>, which is not reckoned here."
            raise Unreadable(line_of(element), "unsupported_expression", message, name)
        found = operator(element, [_filled(evaluate(child, state, level + 1)) for child in element])
    state.steps -= len(found.values) if isinstance(found, Many) else 0  # containers of containers grow fast
    return arithmetic.bounded(element, found) if isinstance(found, Fraction) else found


def _filled(value: Value) -> Value:
    return None if isinstance(value, Many) and not value.values else value


BUILT_IN = frozenset({"completionStatus", "numAttempts", "duration"})


def _base_value(element: etree._Element, _state: State, _level: int) -> Value:
    words = (element.text or "").split()
    if element.get("baseType") == "identifier" and len(words) > 1:
        return Many(tuple(words))  # a set in one value, which some programs write
    return single(element.get("baseType", "string"), element.text or "")


def _variable(element: etree._Element, state: State, _level: int) -> Value:
    name = element.get("identifier", "")
    if name in BUILT_IN and name not in state.values:
        return "completed" if name == "completionStatus" else Fraction(1) if name == "numAttempts" else None
    return state.values.get(name)  # of what is not declared nothing is known; reading warns of it


def _declared(element: etree._Element, state: State) -> Declaration:
    name = element.get("identifier", "")
    if name not in state.declarations:
        raise Unreadable(
            line_of(element), "unknown_variable", f"No variable {name[:60]!r} is declared.", name
        )
    return state.declarations[name]


def _correct(element: etree._Element, state: State, _level: int) -> Value:
    found = state.declarations.get(element.get("identifier", ""))
    return None if found is None else found.correct


def _default(element: etree._Element, state: State, level: int) -> Value:
    if len(element):
        found = evaluate(element[0], state, level + 1)
        return evaluate(element[1], state, level + 1) if found is None and len(element) > 1 else found
    return _declared(element, state).default


def _map_response(element: etree._Element, state: State, _level: int) -> Value:
    declaration = _declared(element, state)
    if declaration.mapping is None:
        message = f"The response {declaration.identifier!r} has no mapping."
        raise Unreadable(line_of(element), "no_mapping", message, declaration.identifier)
    return declaration.mapping.worth(state.values.get(declaration.identifier))


def _map_point(element: etree._Element, state: State, _level: int) -> Value:
    declaration = _declared(element, state)
    return declaration.points(state.values.get(declaration.identifier))


def _map_outcome(element: etree._Element, state: State, level: int) -> Value:
    """The mapping of an outcome, which some programs read like that of a response."""
    return _map_response(element, state, level)


def _null(_element: etree._Element, _state: State, _level: int) -> Value:
    return None


def _record(element: etree._Element, state: State, level: int) -> Value:
    made: dict[str, Value] = {}
    for part in element:
        name = part.get("identifier") or part.get("fieldIdentifier") or ""
        inner = part[0] if part.tag in {"recordField", "field", "fieldValue"} and len(part) else part
        made[name] = evaluate(inner, state, level + 1)
    return made or None


def _field_value(element: etree._Element, state: State, level: int) -> Value:
    held = evaluate(element[0], state, level + 1) if len(element) else None
    return held.get(element.get("fieldIdentifier", "")) if isinstance(held, Mapping) else None


def _repeat(element: etree._Element, state: State, level: int) -> Value:
    spelt = element.get("numberRepeats", "1")
    held = state.values.get(spelt)
    count = (
        int(held) if isinstance(held, Fraction) else int(spelt) if spelt.isdigit() and len(spelt) < 6 else 0
    )
    found: list[object] = []
    for _ in range(count):
        for child in element:
            found.extend(entries(evaluate(child, state, level + 1)))
    return Many(tuple(found), is_ordered=True) if found else None  # type: ignore[arg-type]  # members of values


def _inside(element: etree._Element, values: list[Value]) -> Value:
    area = shapes.shape(element)
    return (
        None if values[:1] in ([None], []) else any(shapes.holds(area, point) for point in entries(values[0]))
    )


def _lookup(element: etree._Element, state: State, level: int) -> Value:
    table = next((child for child in element if child.tag == "matchTable"), None)
    if table is None or not len(element):
        raise Unreadable(
            line_of(element), "unsupported_expression", "A lookup without a table.", "lookupTable"
        )
    return containers.looked_up(table, evaluate(element[0], state, level + 1), "float")


def _stats(element: etree._Element, state: State, level: int) -> Value:
    """Statistics of a container; a member that is NULL makes them NULL."""
    if not len(element):
        return None
    if element[0].tag in {"multiple", "ordered"}:
        members = [evaluate(each, state, level + 2) for each in element[0]]
        return (
            None
            if None in members
            else containers.statistics(element, [evaluate(element[0], state, level + 1)])
        )
    return containers.statistics(element, [evaluate(element[0], state, level + 1)])


_SPECIAL: Mapping[str, Callable[[etree._Element, State, int], Value]] = {
    "baseValue": _base_value,
    "variable": _variable,
    "correct": _correct,
    "default": _default,
    "mapResponse": _map_response,
    "mapOutcome": _map_outcome,
    "mapResponsePoint": _map_point,
    "null": _null,
    "record": _record,
    "fieldValue": _field_value,
    "repeat": _repeat,
    "lookupTable": _lookup,
    "statsOperator": _stats,
}
_OPERATORS: Mapping[str, Callable[[etree._Element, list[Value]], Value]] = {
    **arithmetic.OPERATORS,
    **comparing.OPERATORS,
    **containers.OPERATORS,
    "inside": _inside,
}
