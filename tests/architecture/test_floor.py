# SPDX-License-Identifier: Apache-2.0
"""Scripts and styles hold nothing that Chromium 109 does not know; ``./dev floor`` tries them in it."""

import re
import subprocess
from pathlib import Path

from tests.architecture import tree

BUILT = tree.ROOT / "exam_portal" / "static" / "build"
CHECKER = tree.ROOT / "tests" / "architecture" / "floor.mjs"
# Rules, functions and units that undo what they stand in. An unknown property is left out and harms nothing.
NEWER_STYLES = re.compile(
    r"@scope\b|@starting-style\b|\bsubgrid\b|\bcolor-mix\(|\blight-dark\(|\boklch\(|\banchor\(|"
    r":user-invalid|:user-valid|:popover-open|:state\(|&|\d(?:cap|rcap|rex|rlh)\b"
)


def too_new(*scripts: Path) -> list[str]:
    done = subprocess.run(
        ["node", CHECKER, *scripts], cwd=tree.ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_scripts_hold_nothing_that_chromium_109_does_not_know() -> None:
    scripts = sorted(BUILT.rglob("*.js"))
    assert any("player" in path.parts for path in scripts)
    assert too_new(*scripts) == []


def test_styles_hold_nothing_that_chromium_109_does_not_know() -> None:
    found = [
        f"{path.name}: {match[0]}"
        for name in ("app", "player")
        for path in BUILT.glob(f"{name}.*.css")
        for match in NEWER_STYLES.finditer(re.sub(r'url\([^)]*\)|"[^"]*"', "", path.read_text("utf-8")))
    ]
    assert found == []


def test_what_came_later_is_found(tmp_path: Path) -> None:
    for number, script in enumerate(
        [
            "const a = /[a--b]/v;",
            "using x = y;",
            "export const b = [1].toSorted();",
            "export const c = AbortSignal.any([]);",
        ]
    ):
        path = tmp_path / f"{number}.js"
        path.write_text(script)
        assert len(too_new(path)) == 1, script
    assert NEWER_STYLES.search("a{color:color-mix(in srgb,red,blue)}")
