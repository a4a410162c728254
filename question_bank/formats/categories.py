# SPDX-License-Identifier: Apache-2.0
"""Moodle's category paths as topics: each step of the path is one, the outermost first."""

import re

_SLASH = re.compile(r"(?<!/)/(?!/)")
_HEADS = frozenset({"$course$", "$module$", "$system$", "$cat1$", "top"})
TOP = "$course$/top"


def topics(path: str) -> list[str]:
    """The steps of the path without the words for Moodle's own places; two slashes are a real one."""
    steps = [step.replace("//", "/").strip() for step in _SLASH.split(path)]
    while steps and steps[0] in _HEADS:
        steps.pop(0)
    return list(dict.fromkeys(step for step in steps if step))


def path(found: tuple[str, ...]) -> str:
    """The path of these topics."""
    return "/".join([TOP, *(" ".join(topic.split()).replace("/", "//") for topic in found)])
