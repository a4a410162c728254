# SPDX-License-Identifier: Apache-2.0
"""Parallel forms by blueprint: `plan` states, `solving` asks the solver, `proof` checks, `supply` counts."""

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
]
