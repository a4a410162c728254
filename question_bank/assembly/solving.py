# SPDX-License-Identifier: Apache-2.0
"""The attempts to find forms: one after the other with the rest in view, or all at once.

Forms that have no item in common are found one by one: each together with a block that stands for all those
still to come, so that no form takes what the others need. Where that fails, and where forms share items, all
stand in one program.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from question_bank.assembly.plan import Plan, worth
from question_bank.assembly.process import Solver
from question_bank.assembly.program import Solution
from question_bank.blueprint import Blueprint
from question_bank.item import Item
from question_bank.shuffling import Stream

LEAST_EFFORT = 2  # for one of many steps

Pool = Mapping[str, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far it is: ``forms`` one by one (so many found), all ``together``, or what is ``missing``."""

    step: str
    form: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Forms, or none: then `proved` where the items cannot give any. Even forms cannot be better."""

    forms: tuple[tuple[str, ...], ...] = ()
    is_even: bool = False
    is_best: bool = False
    proved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is sought, and with what."""

    solver: Solver
    blueprint: Blueprint
    forms: int
    seed: int
    effort: int
    stream: Stream
    tell: Callable[[Told], None]

    def found_in(self, pool: Pool, *, shared: bool) -> Found:
        """Return the forms that these items give, with items in common or without."""
        blueprint = self.blueprint
        if not shared:
            blueprint = replace(blueprint, max_uses=1, max_overlap=0)
            found = self._one_by_one(pool, blueprint)
            if found.forms or found.proved or self.forms == 1:
                return found
        self.tell(Told(step="together"))
        plan = Plan(pool, blueprint, (1,) * self.forms)
        solution = self.solved(plan, self.effort)
        if not solution.found:
            return Found(proved=solution.status == "infeasible" and plan.is_exact)
        forms = tuple(plan.chosen(solution.values, self.stream))
        return Found(forms=forms, is_even=not solution.objective, is_best=solution.status == "optimal")

    def _one_by_one(self, pool: Pool, blueprint: Blueprint) -> Found:
        chosen: list[tuple[str, ...]] = []
        left, centre, is_even, is_best = dict(pool), None, True, True
        while len(chosen) < self.forms:
            self.tell(Told(step="forms", form=len(chosen)))
            rest = self.forms - len(chosen) - 1
            plan = Plan(left, blueprint, (1, rest) if rest else (1,), centre)
            solution = self.solved(plan, max(self.effort // self.forms, LEAST_EFFORT))
            if not solution.found:
                return Found(proved=not chosen and solution.status == "infeasible" and plan.is_exact)
            form = plan.chosen(solution.values, self.stream)[0]
            is_even, is_best = is_even and not solution.objective, solution.status == "optimal"
            centre = sum(worth(left[name]) or 0 for name in form) if centre is None else centre
            chosen.append(form)
            for name in form:
                del left[name]
        return Found(forms=tuple(chosen), is_even=is_even, is_best=is_best and self.forms == 1)

    def solved(self, plan: Plan, effort: int) -> Solution:
        """Return the best answer of the program within so much deterministic time."""
        return self.solver.solve(plan.program(), seed=self.seed, effort=effort)
