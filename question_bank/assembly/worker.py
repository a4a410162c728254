# SPDX-License-Identifier: Apache-2.0
"""The process of the solver: reads programs as lines of JSON, writes an answer for each as a line."""

import json
import math
import os
import resource
import sys
import threading
from typing import Any

from ortools.sat.python import cp_model

UNBOUNDED = 10**15
NAMES = {
    cp_model.OPTIMAL: "optimal",
    cp_model.FEASIBLE: "feasible",
    cp_model.INFEASIBLE: "infeasible",
}


def main() -> None:
    """Solve the programs that stand on the standard input; memory is bounded, and no orphan lives on."""
    memory = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # whoever answers questions at this moment goes first
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        threading.Event().wait(1)
    os._exit(1)


def _answer(program: dict[str, Any]) -> dict[str, Any]:
    model, variables = _model(program)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = program["seed"]
    solver.parameters.linearization_level = 2  # without it sums of difficulties are hardly ever met
    solver.parameters.max_deterministic_time = program["effort"]
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "status": NAMES.get(status, "unknown"),
        "values": [solver.value(one) for one in variables] if found else [],
        "objective": round(solver.objective_value) if found and program["objective"] else None,
        "bound": _bound(solver) if program["objective"] and status != cp_model.INFEASIBLE else None,
    }


def _bound(solver: cp_model.CpSolver) -> int | None:
    """Return the bound as a whole number, on the safe side; None where the solver has none yet."""
    bound = solver.best_objective_bound
    return math.ceil(bound) if abs(bound) < UNBOUNDED else None


def _model(program: dict[str, Any]) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    model = cp_model.CpModel()
    variables = [model.new_int_var(0, upper, "") for upper in program["upper"]]
    for terms, least, most in program["rows"]:
        total = _sum(variables, terms)
        lowest = cp_model.INT_MIN if least is None else least
        highest = cp_model.INT_MAX if most is None else most
        model.add_linear_constraint(total, lowest, highest)
    if program["objective"]:
        model.maximize(_sum(variables, program["objective"]))
    return model, variables


def _sum(variables: list[cp_model.IntVar], terms: list[tuple[int, int]]) -> Any:
    return cp_model.LinearExpr.weighted_sum([variables[at] for at, _ in terms], [times for _, times in terms])


if __name__ == "__main__":
    main()
