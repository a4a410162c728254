# SPDX-License-Identifier: Apache-2.0
"""Parallel forms by blueprint: `search` chooses, `proof` checks, `supply` says what is missing."""

from question_bank.assembly.forms import AssembledForm, AssemblyBroken, Forms, assemble, bank_of
from question_bank.assembly.supply import Missing

__all__ = ["AssembledForm", "AssemblyBroken", "Forms", "Missing", "assemble", "bank_of"]
