# SPDX-License-Identifier: Apache-2.0
"""What every source file owes the house."""

import re

import pytest

from tests.architecture import tree

SPDX = "# SPDX-License-Identifier: Apache-2.0"
# Written so that this file does not hold what it forbids.
FORBIDDEN = {
    "the host name of a package registry": re.compile(
        r"p[y]pi\.[o]rg|pyth[o]nhosted\.|[n]pmjs\.|registry\.yarnp[k]g\.|d[e]b\.d[e]bian\."
    ),
    "a path of somebody's machine": re.compile(
        r"(?:^|[^A-Za-z0-9_.])/(?:w[o]rk|r[o]ot|h[o]me)/[a-z.]|[A-Z]:\\\\Users"
    ),
    "the address of a package index": re.compile(r"--(?:extra-)?index-u[r]l|--find-l[i]nks|file:///o[p]t"),
}
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|X[X]X|raise Not[I]mplemented(?:Error)?)\b")
CODE = (".py", ".js", ".mjs", ".html", ".scss", ".sh", ".toml")


def _lines_with(pattern: re.Pattern[str], suffixes: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{tree.name(path)}:{number}: {line.strip()[:120]}"
        for path in tree.files()
        if (not suffixes or path.suffix in suffixes) and tree.is_text(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_every_python_file_names_its_licence_first() -> None:
    def first_lines(text: str) -> list[str]:
        return [line for line in text.splitlines()[:2] if not line.startswith("#!")]

    missing = [
        tree.name(path)
        for path in tree.with_suffix(".py")
        if (text := path.read_text(encoding="utf-8")).strip() and first_lines(text)[:1] != [SPDX]
    ]
    assert missing == []


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    assert _lines_with(FORBIDDEN[what]) == []


def test_nothing_is_left_for_later() -> None:
    assert _lines_with(UNFINISHED, CODE) == []


def test_every_python_module_says_what_it_is() -> None:
    def has_docstring(text: str) -> bool:
        body = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
        return not body or body[0].startswith(('"""', 'r"""'))

    silent = [
        tree.name(path)
        for path in tree.with_suffix(".py")
        if not has_docstring(path.read_text(encoding="utf-8"))
    ]
    assert silent == []


def test_every_decision_stands_in_the_list_of_documents() -> None:
    listed = (tree.ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    found = [path.name for path in (tree.ROOT / "docs" / "adr").glob("*.md")]
    assert found
    assert [name for name in found if f"(adr/{name})" not in listed] == []


def test_no_skipped_or_expected_failure_without_a_reason() -> None:
    bare = re.compile(r"pytest\.mark\.(?:skip|xfail)(?!if)(?!\(.*reason=)|pytest\.skip\(\)")
    assert _lines_with(bare, (".py",)) == []


@pytest.mark.parametrize(
    "line",
    ["see https://p" + "ypi.org/x", "in /ro" + "ot/.cache", "--extra-index-" + "url=x", "# TO" + "DO: x"],
)
def test_the_patterns_find_what_they_forbid(line: str) -> None:
    assert any(pattern.search(line) for pattern in [*FORBIDDEN.values(), UNFINISHED])
