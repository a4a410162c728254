# SPDX-License-Identifier: Apache-2.0
"""What the browser loads is ours, small, named by its content and locked."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from exam_portal.web.manifest import STATIC, AssetManifest

PROJECT = STATIC.parents[1]
BUDGET = 45_000  # bytes of a first visit, compressed, without fonts
TOKENS = dict(
    re.findall(
        r"^\$([\w-]+): #([0-9a-f]{6});",
        (PROJECT / "exam_portal/web/assets/scss/_tokens.scss").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


@pytest.fixture(scope="module")
def built() -> AssetManifest:
    manifest = AssetManifest()
    assert manifest.is_built, "run: npm run build"
    return manifest


def file_of(built: AssetManifest, name: str) -> Path:
    return STATIC / built.resolve(name)


def test_a_name_holds_the_hash_of_the_content(built: AssetManifest) -> None:
    for path in (
        STATIC / json_path for json_path in json.loads((STATIC / "build/manifest.json").read_text()).values()
    ):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        assert f".{digest}." in path.name


def test_the_compressed_forms_hold_the_same(built: AssetManifest) -> None:
    style = file_of(built, "build/app.css")
    assert gzip.decompress(style.with_name(f"{style.name}.gz").read_bytes()) == style.read_bytes()
    assert style.with_name(f"{style.name}.br").stat().st_size < style.stat().st_size / 4


def test_a_first_visit_is_small(built: AssetManifest) -> None:
    names = ["build/app.css", "js/app.js", "js/supported.js", "vendor/govuk-frontend.js", "images/emblem.svg"]
    sizes = [
        file_of(built, name).with_name(f"{file_of(built, name).name}.gz").stat().st_size for name in names
    ]
    assert sum(sizes) < BUDGET


def test_a_file_without_a_build_keeps_its_name() -> None:
    assert AssetManifest().resolve("js/of-tomorrow.js") == "js/of-tomorrow.js"


def test_nothing_of_another_state_is_shipped(built: AssetManifest) -> None:
    text = "".join(file_of(built, f"build/{name}.css").read_text() for name in ("app", "player", "print"))
    for foreign in ("GDS Transport", "crown", "/assets/"):
        assert foreign not in text
    assert re.findall(r"url\(\s*['\"]?(?:https?:)?//", text) == []
    assert not [path for path in (STATIC / "build").rglob("*") if "crown" in path.name]


def test_styles_paint_no_gradients(built: AssetManifest) -> None:
    assert "gradient(" not in file_of(built, "build/app.css").read_text()


def test_every_line_height_leaves_room_for_vietnamese_marks(built: AssetManifest) -> None:
    sources = (PROJECT / "exam_portal/web/assets/scss").glob("*.scss")
    tight = [
        (path.name, value)
        for path in sources
        for value in re.findall(r"line-height: ([\d.]+);", path.read_text(encoding="utf-8"))
        if float(value) < 1.5
    ]
    clocks = [("_room.scss", "1.05"), ("player.scss", "1.25")]  # digits only
    assert sorted(tight) == clocks


def test_the_lock_names_no_address() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_the_design_system_is_the_version_its_templates_mirror() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/govuk-frontend"]["version"] == "6.3.0"


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(text: str, ground: str) -> float:
    dark, light = sorted((luminance(text), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        *(
            (text, ground, 4.5)
            for text in ("ink", "ink-soft", "blue", "stop")
            for ground in ("paper", "paper-deep", "sheet")
        ),
        *((state, f"{state}-wash", 4.5) for state in ("blue", "jade", "clay", "stop")),
        ("gold-ink", "gold-wash", 4.5),
        ("gold-ink", "sheet", 4.5),
        ("sheet", "lacquer", 4.5),
        ("sheet", "lacquer-deep", 4.5),
        ("line-strong", "paper", 3.0),
        ("line-strong", "sheet", 3.0),
        ("gold", "sheet", 3.0),
    ],
)
def test_colours_contrast_enough_to_be_read(text: str, ground: str, least: float) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= least
