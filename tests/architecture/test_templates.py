# SPDX-License-Identifier: Apache-2.0
"""Templates hold no script, no style and no words that cannot be translated."""

import re
from pathlib import Path

import pytest

from tests.architecture import tree

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=\s*[\"']", re.IGNORECASE),
    "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign address of a script, style, picture or frame": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
    "unescaped output": re.compile(r"\|\s*safe\b"),
}


def _templates() -> list[Path]:
    return [path for path in tree.with_suffix(".html") if "templates" in path.parts]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    found = [
        f"{tree.name(path)}: {match.group(0)}"
        for path in _templates()
        for match in FORBIDDEN[what].finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_data_islands_are_not_scripts() -> None:
    assert FORBIDDEN["inline script"].search("<script>alert(1)</script>")
    assert not FORBIDDEN["inline script"].search('<script type="module" src="/static/x.js"></script>')


def _untranslatable(template: str) -> list[str]:
    """Return each run of letters outside tags, expressions and comments: a word nobody can translate."""
    for noise in NOISE:
        template = noise.sub(" ", template)
    return [word for word in re.findall(r"[^\W\d_]{3,}", template) if word not in OWN_NAMES]


NOISE = [
    re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL),
    re.compile(
        r"{%-?\s*block\s+(?:\w*class\w*|robots)\s*-?%}.*?{%-?\s*endblock\b.*?%}", re.DOTALL
    ),  # part of an attribute
    re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL),
    re.compile(r"<code>.*?</code>", re.DOTALL),  # a command is the same in every language
    re.compile(r"<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL),
]
LANGUAGES = frozenset({"Tiếng", "Việt", "English"})  # a language names itself
NATIONAL = frozenset(
    re.findall(r"\w+", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập Tự do Hạnh phúc")
)  # on every document
OWN_NAMES = LANGUAGES | NATIONAL


def test_visible_words_are_translatable() -> None:
    found = [
        f"{tree.name(path)}: {word}"
        for path in _templates()
        for word in _untranslatable(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_word_that_cannot_be_translated_is_found() -> None:
    assert _untranslatable('<p class="lead">{{ _("Held") }} Notice</p>') == ["Notice"]
