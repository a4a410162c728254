# SPDX-License-Identifier: Apache-2.0
"""Permissions as data: each slice's ``access.py`` declares them, routes require them."""

from exam_portal.web.policy.guard import (
    PermissionNotDecided,
    authorise,
    forget_decisions,
    init_app,
    may,
    may_ever,
    prove,
    require_decision,
    requires,
)
from exam_portal.web.policy.predicates import Scope, holds, holds_anywhere, is_candidate, signed_in
from exam_portal.web.policy.registry import (
    PUBLIC,
    Registry,
    UnguardedRouteError,
    permission_of,
    registry,
    verify,
)
from exam_portal.web.policy.rules import (
    Check,
    Conjunction,
    Permissions,
    Predicate,
    Rule,
    all_of,
    any_of,
    by_proof,
)

__all__ = [
    "PUBLIC",
    "Check",
    "Conjunction",
    "PermissionNotDecided",
    "Permissions",
    "Predicate",
    "Registry",
    "Rule",
    "Scope",
    "UnguardedRouteError",
    "all_of",
    "any_of",
    "authorise",
    "by_proof",
    "forget_decisions",
    "holds",
    "holds_anywhere",
    "init_app",
    "is_candidate",
    "may",
    "may_ever",
    "permission_of",
    "prove",
    "registry",
    "require_decision",
    "requires",
    "signed_in",
    "verify",
]
