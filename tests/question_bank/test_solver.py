# SPDX-License-Identifier: Apache-2.0
"""The solver is a process that can die, be stopped and be bounded; and it finds published optima."""

import math
import os
import random
import signal
import subprocess
import sys
import threading

import pytest

from question_bank.assembly.process import Solver, SolverFailed, Stopped
from question_bank.assembly.program import Program, Row
from tests.scoring.statistics.published import published

TINY = Program(upper=[1, 1], rows=[Row(terms=[(0, 1), (1, 1)], most=1)], objective=[(0, 2), (1, 3)])


def _market_split(rows: int = 7, size: int = 60) -> Program:
    """A program that keeps a solver busy for longer than anybody waits (Cornuéjols and Dawande, 1998)."""
    drawn = random.Random(1)
    sums = [[(at, drawn.randrange(100)) for at in range(size)] for _ in range(rows)]
    halves = [sum(times for _, times in terms) // 2 for terms in sums]
    return Program(
        upper=[1] * size,
        rows=[Row(terms=terms, least=half, most=half) for terms, half in zip(sums, halves, strict=True)],
    )


def test_one_process_answers_several_programs() -> None:
    with Solver() as solver:
        first = solver.solve(TINY, seed=1, effort=1)
        second = solver.solve(Program(upper=[1], rows=[Row(terms=[(0, 1)], least=2)]), seed=1, effort=1)
    assert (first.status, first.values, first.objective) == ("optimal", (0, 1), 3)
    assert (second.status, second.values) == ("infeasible", ())


def test_a_process_that_dies_is_reported() -> None:
    with Solver() as solver:
        threading.Timer(3, os.kill, (solver.pid, signal.SIGKILL)).start()
        with pytest.raises(SolverFailed):
            solver.solve(_market_split(), seed=1, effort=600)
        with pytest.raises(SolverFailed):
            solver.solve(TINY, seed=1, effort=1)


def test_a_process_with_too_little_memory_is_reported() -> None:
    with Solver(memory=40 * 1024**2) as solver, pytest.raises(SolverFailed):
        solver.solve(TINY, seed=1, effort=1)


def test_what_nobody_wants_any_more_is_stopped() -> None:
    with Solver(lambda: False) as solver, pytest.raises(Stopped):
        solver.solve(_market_split(), seed=1, effort=600)


def test_an_effort_is_a_limit() -> None:
    with Solver() as solver:
        assert solver.solve(_market_split(), seed=1, effort=1).status == "unknown"


def test_the_solver_is_loaded_by_its_own_process_only() -> None:
    program = "import sys, question_bank.assembly, exam_portal.app; print('ortools' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_the_published_optimum_of_eatata_is_found() -> None:
    asked, expected, tolerance = published("ata_eatATA_minimal")
    information = []
    for item in asked["items"]:
        right = 1 / (1 + math.exp(asked["D"] * item["difficulty"]))
        information.append(asked["D"] ** 2 * right * (1 - right))
    program = Program(
        upper=[1] * len(information),
        rows=[
            Row(terms=[(at, 1) for at in range(len(information))], least=10, most=10),
            Row(
                terms=[(at, round(item["time"] * 10**6)) for at, item in enumerate(asked["items"])],
                least=475 * 10**6,
                most=485 * 10**6,
            ),
        ],
        objective=[(at, round(each * 10**9)) for at, each in enumerate(information)],
    )
    with Solver() as solver:
        found = solver.solve(program, seed=1, effort=30)
    assert found.status == "optimal"
    assert [at + 1 for at, taken in enumerate(found.values) if taken] == expected["selected_items"]
    assert abs((found.objective or 0) / 10**9 - expected["objective"]) < tolerance["objective"]
