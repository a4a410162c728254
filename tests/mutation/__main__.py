# SPDX-License-Identifier: Apache-2.0
"""`./dev mutate [MODULE …]`: the mistakes in the rules that no test finds; exit 1 where they are too many."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, of_module
from tests.mutation.running import FOUND, STOPPED, SURVIVED, Mutating

ROOT = Path(__file__).parents[2]
MODULES = [
    "rounding",
    "reading",
    "explanation",
    "composite",
    "reconcile",
    "panel",
    "standing",
    "places",
    "ranking",
    "effect",
    "correction",
    "timing",
    "ruleset/conduct",
    "ruleset/settings",
    "ruleset/parts",
    "ruleset/document",
    "marks/model",
    "marks/material",
    "marks/decisions",
    "marks/document",
    "explain/__init__",
]
TESTS = ROOT / "tests" / "scoring"
SLOW = ("two_thousand_candidates", "test_certainty")
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
AIM = 95


def main(modules: list[str]) -> int:
    """Print a row for each module and every survivor that is not known to change nothing."""
    known = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    paths = [ROOT / "scoring" / f"{each}.py" for each in modules or MODULES]
    mutants = [mutant for path in paths for mutant in of_module(ROOT, path)]
    tally: dict[str, Counter[str]] = defaultdict(Counter)

    def report(mutant: Mutant, outcome: str) -> None:
        told = "equivalent" if outcome == SURVIVED and mutant.key in known else outcome
        tally[mutant.module][told] += 1
        if told in {SURVIVED, STOPPED}:
            print(f"{told} line {mutant.line}: {mutant.key}", flush=True)

    files = [str(path) for path in sorted(TESTS.glob("test_*.py"))]
    arguments = [*files, "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--confcutdir={TESTS}"]
    arguments += ["-k", " and ".join(f"not {each}" for each in SLOW)]
    status = pytest.main(arguments, plugins=[Mutating(mutants, report)])
    return int(status) or _table(tally)


def _table(tally: dict[str, Counter[str]]) -> int:
    print("\n| module | mutants | found | survived | ran on | equivalent |\n|---|---|---|---|---|---|")
    whole: Counter[str] = Counter()
    for module, counts in tally.items():
        print(_row(f"`{module}`", counts))
        whole += counts
    print(_row("all", whole))
    asked = sum(whole.values()) - whole["equivalent"]
    return 0 if 100 * whole[FOUND] >= AIM * asked else 1


def _row(name: str, counts: Counter[str]) -> str:
    figures = (sum(counts.values()), counts[FOUND], counts[SURVIVED], counts[STOPPED], counts["equivalent"])
    return f"| {name} | " + " | ".join(map(str, figures)) + " |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
