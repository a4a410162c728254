# SPDX-License-Identifier: Apache-2.0
"""The ballot on a tablet takes and adds figures as the portal does, whatever the step of the rules."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

from scoring.rounding import is_multiple, plain

SCRIPT = Path(__file__).with_name("decimals.mjs")
STEPS = ("0.0005", "0.001", "0.05", "0.25", "0.3", "0.5", "1", "5", "100")
FIGURES = (
    "0",
    "0.0005",
    "0.0007",
    "0.1",
    "0.3",
    "0.9",
    "29.9995",
    "30",
    "30.5",
    "33.30",
    "40",
    "40.0005",
    "41",
)


def asked(**facts: Any) -> Any:
    done = subprocess.run(
        ["node", SCRIPT],
        input=json.dumps({"off": [], "sums": [], **facts}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_figure_is_taken_exactly_where_it_lies_on_the_step() -> None:
    cases = [[figure, "40", step] for step in STEPS for figure in FIGURES]
    expected = [
        not (Decimal(figure) <= 40 and is_multiple(Decimal(figure), Decimal(step)))
        for figure, _, step in cases
    ]
    assert asked(off=cases)["off"] == expected
    assert {True, False} == set(expected)


def test_what_is_no_figure_is_refused() -> None:
    cases = [[typed, "40", "0.5"] for typed in ("", "-0", "-1", "1e1", "1.", ".5", "1,5", "0x10", "ba")]
    assert asked(off=cases)["off"] == [True] * len(cases)


def test_figures_are_added_without_a_float() -> None:
    sums = [["0.1", "0.2"], ["33.5", "25", "26"], ["0.0005", "0.0005"], ["30.0", "30.00", "40"], ["0", "0"]]
    sums += [["0.05"] * 7, ["10", "90"], ["99.9995", "0.0005"]]
    assert asked(sums=sums)["sums"] == [plain(sum(map(Decimal, one), Decimal(0))) for one in sums]
