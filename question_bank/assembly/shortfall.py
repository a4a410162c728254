# SPDX-License-Identifier: Apache-2.0
"""Why there are no forms: which cells lack how many questions, and without which rule there would be some.

The fewest new questions are counted by the solver with every other rule in force (`elastic`), so the figures
are what has to be added, neither more nor less. A bound comes first from one form alone and from all forms
taken as one: from there the solver need not prove what is plain.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from question_bank.assembly.elastic import ElasticPlan, Lacking
from question_bank.assembly.plan import UNIT, Plan, worth
from question_bank.assembly.solving import Pool, Search, Told
from question_bank.assembly.supply import Missing
from question_bank.blueprint import Difficulty, difficulty_text
from question_bank.json_values import decimal_text

BOUND_EFFORT = 5  # deterministic seconds for a bound, and for the names of what is lacking
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is lacking. `is_impossible`: there are no forms; `is_least`: no smaller figures would do.

    Least, and nothing missing: no number of new questions would do. Where the count finds that nothing is
    lacking, `forms` holds what it found.
    """

    missing: tuple[Missing, ...] = ()
    forms: tuple[tuple[str, ...], ...] = ()
    is_impossible: bool = False
    is_least: bool = False


def count(search: Search, pool: Pool, *, shared: bool) -> Shortfall:
    """Return the fewest questions that would have to be added for there to be forms, by cell.

    Nothing is named where no number of new questions helps (a rule has to give way), or none was found.
    """
    search.tell(Told(step="missing"))
    alone = (1,) * search.forms
    floor = 0
    for blocks in _bounds(search.forms, shared=shared):
        plan = ElasticPlan(pool, search.blueprint, blocks)
        solution = search.solved(plan, min(BOUND_EFFORT, search.effort))
        if solution.status == "infeasible":
            return Shortfall(is_impossible=plan.is_exact, is_least=plan.is_exact)
        floor = max(floor, -(solution.bound or 0) * (search.forms // sum(blocks)))
    plan = ElasticPlan(pool, search.blueprint, alone, least=floor)
    solution = search.solved(plan, search.effort)
    if not solution.found:
        hopeless = plan.is_exact and solution.status == "infeasible"
        return Shortfall(is_impossible=hopeless or (plan.is_exact and floor > 0), is_least=hopeless)
    needed = -(solution.objective or 0)
    if not needed:
        return Shortfall(forms=tuple(plan.chosen(solution.values, search.stream)))
    values = _named(search, pool, needed) or solution.values
    return Shortfall(
        missing=_missing(plan, plan.lacking(values), search),
        is_impossible=plan.is_exact and -(solution.bound or 0) > 0,
        is_least=plan.is_exact and solution.status == "optimal",
    )


def nearest(search: Search, pool: Pool) -> Missing | None:
    """Return the demand for a mean difficulty with the nearest mean there is, that of the furthest form."""
    wanted = search.blueprint.difficulty
    if wanted is None:
        return None
    free = replace(search.blueprint, difficulty=Difficulty(mean=wanted.mean, tolerance=Decimal(1)))
    plan = Plan(pool, free, (1,) * search.forms)
    solution = search.solved(plan, search.effort)
    if not solution.found:
        return None
    forms = plan.chosen(solution.values, search.stream)
    means = [
        Decimal(sum(worth(pool[name]) or 0 for name in form)) / UNIT / search.blueprint.items
        for form in forms
    ]
    furthest = max(means, key=lambda mean: abs(mean - wanted.mean)).quantize(PLACES)
    cell = {"difficulty": difficulty_text(wanted), "nearest": decimal_text(furthest)}
    return Missing(cell=cell, need=search.forms, have=0)


def _bounds(forms: int, *, shared: bool) -> Sequence[Sequence[int]]:
    if forms == 1:
        return ()
    return ((1,),) if shared else ((1,), (forms,))


def _named(search: Search, pool: Pool, needed: int) -> tuple[int, ...]:
    plan = ElasticPlan(pool, search.blueprint, (1,) * search.forms, named=needed)
    return search.solved(plan, min(BOUND_EFFORT, search.effort)).values


def _missing(plan: ElasticPlan, lacking: Mapping[Lacking, int], search: Search) -> tuple[Missing, ...]:
    """Return each cell that lacks questions; of several that a question would stand in, the scarcest."""
    blueprint = search.blueprint
    lacks: Counter[int | None] = Counter()
    for kind, number in lacking.items():
        asking = [at for at in kind.cells if blueprint.cells[at].least]
        scarcest = min(asking, key=lambda at: (plan.scarcity(at), at), default=None)
        lacks[scarcest] += number
    entries = []
    for at, number in sorted(lacks.items(), key=lambda entry: (entry[0] is None, entry[0])):
        least = blueprint.items if at is None else blueprint.cells[at].least
        need = max(least * search.forms, number)
        cell = {"items": blueprint.items} if at is None else blueprint.cells[at].as_dict()
        entries.append(Missing(cell=cell, need=need, have=need - number))
    return tuple(entries)
