# SPDX-License-Identifier: Apache-2.0
"""Every address of the portal, as one reviewed line each: methods, address, endpoint, permission."""

from pathlib import Path

from flask import Flask

from exam_portal.web import policy

FILE = Path(__file__).with_name("routes.txt")
AUTOMATIC = frozenset({"HEAD", "OPTIONS"})


def lines(app: Flask) -> list[str]:
    """Return the inventory of the application, sorted by address."""
    rows = [
        (
            rule.rule,
            ",".join(sorted((rule.methods or set()) - AUTOMATIC)),
            rule.endpoint,
            policy.permission_of(app, rule.endpoint) or "-",
        )
        for rule in app.url_map.iter_rules()
    ]
    return [
        f"{methods} {address} {endpoint} {permission}"
        for address, methods, endpoint, permission in sorted(rows)
    ]
