# SPDX-License-Identifier: Apache-2.0
"""The predicates that every slice may use in its rules."""

import dataclasses
from collections.abc import Callable
from typing import Any

from exam_portal.core.actors import Actor, Role
from exam_portal.web.policy.rules import Check


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A place where roles are held, for targets that are no row."""

    organisation_id: int | None
    competition_id: int | None = None


def _known(actor: Actor, _target: Any = None) -> bool:
    return actor.is_known


def _candidate(actor: Actor, _target: Any = None) -> bool:
    return actor.is_known and actor.is_candidate


signed_in = Check("signed in", _known, _known, needs_target=False)
is_candidate = Check("candidate", _candidate, _candidate, needs_target=False)


def holds(*roles: Role) -> Check:
    """Return the predicate: one of the roles is held where the target lies.

    The target names its place by ``organisation_id`` and, inside a competition, ``competition_id``.
    """

    def decide(actor: Actor, target: Any) -> bool:
        return target is not None and actor.holds_any(
            roles,
            organisation_id=getattr(target, "organisation_id", None),
            competition_id=getattr(target, "competition_id", None),
        )

    return Check(_list(roles), decide, _somewhere(roles))


def holds_anywhere(*roles: Role) -> Check:
    """Return the predicate for list pages: one of the roles is held in some place."""
    somewhere = _somewhere(roles)
    return Check(
        f"{_list(roles)} anywhere", lambda actor, _target: somewhere(actor), somewhere, needs_target=False
    )


def _somewhere(roles: tuple[Role, ...]) -> Callable[[Actor], bool]:
    wanted = frozenset(roles)
    return lambda actor: not wanted.isdisjoint(actor.roles)


def _list(roles: tuple[Role, ...]) -> str:
    return "/".join(role.value for role in roles)
