# SPDX-License-Identifier: Apache-2.0
"""axe-core on a page as it stands in the browser."""

import functools
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SERIOUS = frozenset({"serious", "critical"})


@functools.cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe-core finds, of every impact.

    The script is evaluated through the debugger, so the page's own content security policy stays in force.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_source())
    options = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
    found = page.evaluate("options => window.axe.run(document, options)", options)
    return list(found["violations"])


def serious_violations(page: Page) -> list[str]:
    """Return one readable line for each serious or critical finding."""
    return [
        f"{page.url}: {each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(str(node["target"]) for node in each["nodes"][:3])
        for each in violations(page)
        if each["impact"] in SERIOUS
    ]
