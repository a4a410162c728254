# SPDX-License-Identifier: Apache-2.0
"""Response processing: what an item's own rules make of a response."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from lxml import etree

from question_bank.formats.intake import Unreadable
from question_bank.formats.qti import containers
from question_bank.formats.qti.comparing import same
from question_bank.formats.qti.declarations import Declaration, declared, defaults
from question_bank.formats.qti.expressions import BUILT_IN, MOST_STEPS, State, evaluate
from question_bank.formats.qti.names import line_of
from question_bank.formats.qti.values import Value, entries

SCORE = "SCORE"
_RULES = ("responseProcessing", "outcomeProcessing")
_TEMPLATES = {"match_correct": "correct", "map_response": "map", "map_response_point": "point"}


class _Exit(Exception):
    """The rules say that they are done."""


class Processing:
    """The rules of one item; without any, responses are marked by their mapping or the right response."""

    def __init__(self, root: etree._Element) -> None:
        self.responses = declared(root, "responseDeclaration")
        self.outcomes = declared(root, "outcomeDeclaration")
        self.steps = 0  # what the last run cost
        self._declared = {**self.responses, **self.outcomes}
        self._size = len(self._declared) + sum(
            len(entries(declaration.correct)) for declaration in self._declared.values()
        )
        self._rules = [rules for name in _RULES for rules in root.iterchildren(name)]
        self._ways = [_template(rules) for rules in self._rules]

    @property
    def is_inferred(self) -> bool:
        """True when the file says nothing of how responses are marked."""
        return not any(len(rules) or way for rules, way in zip(self._rules, self._ways, strict=True))

    def expressions(self, *names: str) -> Iterable[etree._Element]:
        """Every expression of these names in the rules."""
        return (found for rules in self._rules for found in rules.iter(*names))

    def undeclared(self) -> list[str]:
        """The variables that the rules ask for and nobody declares: rules that a program left behind."""
        own = (each.get("identifier", "") for each in self.expressions("variable", "correct"))
        return [name for name in dict.fromkeys(own) if name not in {*self._declared, *BUILT_IN}]

    def run(self, given: Mapping[str, Value], *, by_declaration: bool = False) -> dict[str, Value]:
        """The outcomes of these responses; raises `Unreadable` for rules that are not reckoned here."""
        state = State(
            declarations=self._declared,
            values={
                **defaults(self.outcomes),
                **{name: given.get(name) for name in self.responses},
            },
        )
        if self.is_inferred or by_declaration:
            state.values[SCORE] = sum(
                (_by_key(declaration, state) for declaration in self.responses.values()), Fraction(0)
            )
        else:
            self._obey(state)
        self.steps = self._size + MOST_STEPS - state.steps
        return {name: state.values[name] for name in dict.fromkeys([*self.outcomes, *self._score(state)])}

    def _score(self, state: State) -> list[str]:
        return [SCORE] if SCORE in state.values else []

    def _obey(self, state: State) -> None:
        try:
            for rules, way in zip(self._rules, self._ways, strict=True):
                if way and not len(rules):
                    state.values[SCORE] = _by_template(way, self.responses, state)
                _all(rules, state, 0)
        except _Exit:
            pass


def _template(rules: etree._Element) -> str | None:
    address = rules.get("template") or rules.get("templateLocation") or ""
    if not address.strip() or len(rules):
        return None
    name = address.rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml").lower().replace("-", "_")
    if name in _TEMPLATES:
        return _TEMPLATES[name]
    if name.startswith("cc2_"):  # templates of Common Cartridge; those with "map" in their name map
        return "map" if "map" in name else "correct"
    message = f"The response processing template {address[-80:]!r} is not known here."
    raise Unreadable(line_of(rules), "unknown_template", message, address)


def _by_template(way: str, responses: Mapping[str, Declaration], state: State) -> Fraction:
    """A standard template: it speaks of RESPONSE, or of the one response an item declares."""
    declaration = responses.get("RESPONSE") or next(iter(responses.values()), None)
    if declaration is None:
        return Fraction(0)
    given = state.values.get(declaration.identifier)
    if way == "point":
        return declaration.points(given)
    if way == "map" and declaration.mapping is not None:
        return Fraction(0) if given is None else declaration.mapping.worth(given)
    if declaration.correct is None and declaration.mapping is not None:
        return declaration.mapping.worth(given)
    return Fraction(1 if _is_right(declaration, given) else 0)


def _by_key(declaration: Declaration, state: State) -> Fraction:
    given = state.values.get(declaration.identifier)
    mapping = declaration.mapping
    if mapping is not None and mapping.spelt and (declaration.correct is None or _agrees(declaration)):
        return mapping.worth(given)
    return Fraction(1 if _is_right(declaration, given) else 0)


def _agrees(declaration: Declaration) -> bool:
    """True unless the mapping pays nothing for what is declared right: then the declaration counts."""
    return declaration.mapping is not None and declaration.mapping.worth(declaration.correct) > 0


def _is_right(declaration: Declaration, given: Value) -> bool:
    return declaration.correct is not None and given is not None and same(declaration.correct, given)


def _all(rules: etree._Element, state: State, level: int) -> None:
    for rule in rules:
        _rule(rule, state, level)


def _rule(rule: etree._Element, state: State, level: int) -> None:
    name, target = str(rule.tag), rule.get("identifier", "")
    if name in {"responseCondition", "outcomeCondition"}:
        branch = next((part for part in rule if _is_taken(part, state, level)), None)
        if branch is not None:
            start = 0 if str(branch.tag).endswith("Else") else 1
            for inner in branch[start:]:
                _rule(inner, state, level + 1)
    elif name in {"setOutcomeValue", "setResponseValue"} and len(rule):
        _declared(rule, target, state)
        state.values[target] = evaluate(rule[0], state, level)
    elif name == "setDefaultValue":
        state.values[target] = (
            evaluate(rule[0], state, level) if len(rule) else _declared(rule, target, state).default
        )
    elif name == "lookupOutcomeValue" and len(rule):
        declaration = _declared(rule, target, state)
        value = evaluate(rule[0], state, level)
        if declaration.table is not None:
            state.values[target] = containers.looked_up(declaration.table, value, declaration.base_type)
    elif name in {"responseProcessingFragment", "outcomeProcessingFragment"}:
        _all(rule, state, level + 1)
    elif name in {"exitResponse", "exitTest"}:
        raise _Exit
    else:
        message = f"The response processing holds <{name[:40]}>, which is not obeyed here."
        raise Unreadable(line_of(rule), "unsupported_expression", message, name)


def _is_taken(part: etree._Element, state: State, level: int) -> bool:
    if str(part.tag).endswith("Else"):
        return True
    return len(part) > 0 and evaluate(part[0], state, level + 1) is True


def _declared(rule: etree._Element, name: str, state: State) -> Declaration:
    if name not in state.declarations:
        raise Unreadable(line_of(rule), "unknown_variable", f"No variable {name[:60]!r} is declared.", name)
    return state.declarations[name]
