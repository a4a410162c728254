# SPDX-License-Identifier: Apache-2.0
"""Parallel forms by blueprint: `plan` states, `solving` asks the solver, `proof` checks.

Where there are none: `supply` counts, `shortfall` finds the fewest questions that are lacking, `rules` what
might give way.
"""

from question_bank.assembly.forms import (
    EFFORT,
    AssembledForm,
    AssemblyBroken,
    Forms,
    assemble,
    bank_of,
    lacking_by_counting,
)
from question_bank.assembly.process import SolverFailed, Stopped
from question_bank.assembly.rules import without_each
from question_bank.assembly.solving import Told
from question_bank.assembly.supply import Missing

__all__ = [
    "EFFORT",
    "AssembledForm",
    "AssemblyBroken",
    "Forms",
    "Missing",
    "SolverFailed",
    "Stopped",
    "Told",
    "assemble",
    "bank_of",
    "lacking_by_counting",
    "without_each",
]
