# SPDX-License-Identifier: Apache-2.0
"""Which browser a person used, in two words he recognises; a hint for people, never a control."""

import re

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("coc_coc_browser", "Cốc Cốc"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def name(user_agent: str) -> str:
    """Return browser and system, such as "Firefox 140, Windows"; what was sent where neither is known."""
    browser = next(
        (f"{word} {found[1]}" for mark, word in BROWSERS if (found := _version(mark, user_agent))), None
    )
    if browser is None and (found := re.search(r"Version/(\d+).*Safari", user_agent)):
        browser = f"Safari {found[1]}"
    system = next((word for mark, word in SYSTEMS if mark in user_agent), None)
    return ", ".join(part for part in (browser, system) if part) or user_agent[:60]


def _version(mark: str, user_agent: str) -> re.Match[str] | None:
    return re.search(rf"{mark}/(\d+)", user_agent)
