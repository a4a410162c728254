# SPDX-License-Identifier: Apache-2.0
"""Every address is typed, guarded and named by the house's rules (test_reference holds the inventory)."""

import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from exam_portal.web import policy
from exam_portal.web.policy.registry import UnguardedRouteError
from tests.architecture import tree

UNTYPED = re.compile(r"<[^:>]+>")
STATIC_PART = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*|[a-z0-9-]+(\.[a-z0-9]+)+|\.well-known")


def _rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_route_asks_for_a_declared_permission(assembled: Flask) -> None:
    policy.verify(assembled)


def test_a_route_without_a_permission_stops_the_start(assembled: Flask) -> None:
    naked = Flask("naked")
    naked.extensions["policy"] = policy.Registry()
    naked.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(UnguardedRouteError, match="open: no permission"):
        policy.verify(naked)


def test_every_part_of_an_address_is_typed(assembled: Flask) -> None:
    assert [rule.rule for rule in _rules(assembled) if UNTYPED.search(rule.rule)] == []


def test_addresses_are_words_with_hyphens(assembled: Flask) -> None:
    odd = [
        rule.rule
        for rule in _rules(assembled)
        for part in rule.rule.strip("/").split("/")
        if part and "<" not in part and not STATIC_PART.fullmatch(part)
    ]
    assert odd == []


def test_addresses_take_only_what_a_form_can_send(assembled: Flask) -> None:
    methods = {method for rule in _rules(assembled) for method in (rule.methods or set())}
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


def test_no_permission_is_declared_for_nothing(assembled: Flask) -> None:
    with assembled.app_context():
        declared = set(policy.registry().all())
    names = "\n".join(path.read_text(encoding="utf-8") for path in _sources())
    unused = [name for name in declared if names.count(f'"{name}"') < 2 and name != policy.PUBLIC]
    assert unused == []


def _sources() -> list[Path]:
    return [path for path in tree.with_suffix(".py", ".html") if tree.name(path).startswith("exam_portal/")]
