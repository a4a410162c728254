# SPDX-License-Identifier: Apache-2.0
"""A rule is an OR of ANDs of one-line predicates on actor and target; it decides and explains itself."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from exam_portal.core.actors import Actor

Predicate: TypeAlias = Callable[[Actor, Any], bool]


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """A predicate that also knows whether it needs a target and who could ever pass it."""

    words: str
    decide: Predicate
    possible: Callable[[Actor], bool]
    needs_target: bool = True

    def __call__(self, actor: Actor, target: Any) -> bool:
        """Return whether the actor passes for this target."""
        return self.decide(actor, target)


@dataclasses.dataclass(frozen=True, slots=True)
class Conjunction:
    """Predicates that must all hold."""

    predicates: tuple[Predicate, ...]

    def holds(self, actor: Actor, target: object) -> bool:
        """Return whether every predicate holds; the first refusal ends the question."""
        return all(predicate(actor, target) for predicate in self.predicates)

    def is_possible(self, actor: Actor) -> bool:
        """Return whether some target might exist for which the actor passes."""
        return all(_possible(predicate, actor) for predicate in self.predicates)

    @property
    def needs_target(self) -> bool:
        """Whether the answer depends on an object."""
        return any(_needs_target(predicate) for predicate in self.predicates)

    def __str__(self) -> str:
        return " and ".join(_words(predicate) for predicate in self.predicates)


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """The alternatives that grant one permission, or the mark that a page is public or proves itself."""

    alternatives: tuple[Conjunction, ...] = ()
    doc: str = ""
    is_public: bool = False
    proof: str = ""  # what the view itself verifies instead of an actor, such as a signed sitting token

    def permits(self, actor: Actor, target: object) -> bool:
        """Return whether one alternative holds entirely."""
        return self.is_public or any(alternative.holds(actor, target) for alternative in self.alternatives)

    def permits_everywhere(self, actor: Actor) -> bool:
        """Return whether an alternative holds that asks for no object: no object changes the answer."""
        return self.is_public or any(
            alternative.holds(actor, None)
            for alternative in self.alternatives
            if not alternative.needs_target
        )

    def is_possible(self, actor: Actor) -> bool:
        """Return whether the actor could pass for some object: asked before any row is read."""
        return self.is_public or any(alternative.is_possible(actor) for alternative in self.alternatives)

    def __str__(self) -> str:
        if self.is_public:
            return "everyone"
        return self.proof or "; or ".join(str(alternative) for alternative in self.alternatives)


Permissions: TypeAlias = Mapping[str, Rule]


def all_of(*predicates: Predicate) -> Conjunction:
    """Return the conjunction of the predicates."""
    return Conjunction(predicates)


def any_of(*alternatives: Conjunction | Predicate, doc: str = "") -> Rule:
    """Return the rule that holds when one of the alternatives does."""
    return Rule(
        alternatives=tuple(a if isinstance(a, Conjunction) else Conjunction((a,)) for a in alternatives),
        doc=doc,
    )


def by_proof(what: str, *, doc: str = "") -> Rule:
    """Return a rule for views that verify a proof of their own and then call ``policy.prove``."""
    return Rule(proof=what, doc=doc)


def _possible(predicate: Predicate, actor: Actor) -> bool:
    return predicate.possible(actor) if isinstance(predicate, Check) else actor.is_known


def _needs_target(predicate: Predicate) -> bool:
    return predicate.needs_target if isinstance(predicate, Check) else True


def _words(predicate: Predicate) -> str:
    return (
        predicate.words if isinstance(predicate, Check) else predicate.__name__.strip("_").replace("_", " ")
    )
