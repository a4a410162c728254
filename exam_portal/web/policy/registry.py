# SPDX-License-Identifier: Apache-2.0
"""All permissions of an application, and the proof that each of its routes asks for one of them."""

from collections.abc import Mapping

from flask import Flask, current_app

from exam_portal.web.policy.rules import Permissions, Rule

PUBLIC = "public"


class UnguardedRouteError(RuntimeError):
    """A route names no permission, or one that nobody declared: the application refuses to start."""


class Registry:
    """The permissions of one application by their dotted names."""

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {PUBLIC: Rule(is_public=True, doc="Pages for everyone.")}

    def declare(self, permissions: Permissions) -> None:
        """The slice's permissions are known; a name cannot be declared twice with different rules."""
        for name, rule in permissions.items():
            if self._rules.setdefault(name, rule) is not rule:
                raise ValueError(f"permission {name} is declared twice")

    def rule(self, permission: str) -> Rule:
        """Return the rule of a permission."""
        return self._rules[permission]

    def all(self) -> Mapping[str, Rule]:
        """Return every permission with its rule, in the order of their names."""
        return dict(sorted(self._rules.items()))

    def __contains__(self, permission: object) -> bool:
        return permission in self._rules


def registry() -> Registry:
    """Return the permissions of the running application."""
    found = current_app.extensions["policy"]
    assert isinstance(found, Registry)
    return found


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return the permission that a route asks for."""
    permission: str | None = getattr(app.view_functions[endpoint], "permission", None)
    return permission


def verify(app: Flask) -> None:
    """Every route asks for a declared permission, or UnguardedRouteError names those that do not."""
    known: Registry = app.extensions["policy"]
    problems = [
        f"{rule.endpoint}: {permission_of(app, rule.endpoint) or 'no permission'}"
        for rule in app.url_map.iter_rules()
        if permission_of(app, rule.endpoint) not in known
    ]
    if problems:
        raise UnguardedRouteError("; ".join(sorted(set(problems))))
