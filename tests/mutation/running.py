# SPDX-License-Identifier: Apache-2.0
"""Runs the quick tests of the arithmetic against each mutant, in a fork of one process that collected them.

A mutant is put in place by exchanging the code of the living function, so that nothing is imported again;
only tests that execute the function are run, the quickest first, until one fails. A mutant that does not come
to an end is stopped by the seconds of processor it may use, which are the same on a busy machine, and is
counted by itself, not as found.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant

FOUND, SURVIVED, STOPPED = "found", "survived", "stopped"
SECONDS = 20  # of processor for one mutant
BUDGET = 3.0  # seconds of tests for one mutant
ALWAYS = "test_refusals.py"  # reads a file of exact words, and is run last whatever has been spent
Report = Callable[[Mutant, str], None]


class Mutating:
    """A plugin that runs mutants where pytest would have run tests."""

    def __init__(self, mutants: Iterable[Mutant], report: Report) -> None:
        self._mutants, self._report = list(mutants), report

    def pytest_configure(self) -> None:
        """Try few examples of each property, and the same ones each time."""
        from hypothesis import HealthCheck, settings

        still: dict[str, Any] = {
            "derandomize": True,
            "database": None,
            "suppress_health_check": list(HealthCheck),
        }
        settings.register_profile("mutants", deadline=None, max_examples=15, **still)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once to learn what it executes, then every mutant."""
        wanted = {(each.code.co_filename, each.function) for each in self._mutants}
        covering = _covering(session.items, wanted)
        functions = _functions(wanted)
        gc.collect()
        gc.freeze()
        for mutant in self._mutants:
            place = (mutant.code.co_filename, mutant.function)
            tests = _within_budget(covering.get(place, []))
            self._report(mutant, _outcome(mutant, functions.get(place, []), tests))
        return True


def _covering(
    items: list[pytest.Item], wanted: set[tuple[str, str]]
) -> dict[tuple[str, str], list[tuple[float, pytest.Item]]]:
    found: dict[tuple[str, str], list[tuple[float, pytest.Item]]] = defaultdict(list)
    for item in items:
        executed: set[CodeType] = set()

        def note(frame: FrameType, event: str, _: Any, executed: set[CodeType] = executed) -> None:
            if event == "call":
                executed.add(frame.f_code)

        start = time.process_time()
        sys.setprofile(note)
        reports = runtestprotocol(item, log=False, nextitem=None)
        sys.setprofile(None)
        took = time.process_time() - start
        if any(report.failed for report in reports):
            raise pytest.UsageError(f"{item.nodeid} fails without any mutant")
        for place in {(code.co_filename, _outer(code)) for code in executed} & wanted:
            found[place].append((took, item))
    return {place: sorted(each, key=lambda one: one[0]) for place, each in found.items()}


def _outer(code: CodeType) -> str:
    return code.co_qualname.split(".<locals>")[0]


def _within_budget(tests: list[tuple[float, pytest.Item]]) -> list[pytest.Item]:
    chosen: list[pytest.Item] = []
    last: list[pytest.Item] = []
    spent = 0.0
    for took, item in tests:
        spent += took
        if item.path.name == ALWAYS:
            last.append(item)
        elif spent <= BUDGET or not chosen:
            chosen.append(item)
    return chosen + last


def _functions(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], list[FunctionType]]:
    found: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if type(one) is FunctionType:
            place = (one.__code__.co_filename, one.__code__.co_qualname)
            if place in wanted:
                found[place].append(one)
    return found


def _outcome(mutant: Mutant, functions: list[FunctionType], tests: list[pytest.Item]) -> str:
    if not functions or not tests:
        return SURVIVED
    child = os.fork()
    if child == 0:
        _in_child(mutant, functions, tests)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return STOPPED if os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL} else FOUND
    return SURVIVED if os.WEXITSTATUS(status) == 0 else FOUND


def _in_child(mutant: Mutant, functions: list[FunctionType], tests: list[pytest.Item]) -> None:
    """Leave with 1 at the first test that fails, else with 0."""
    used = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + SECONDS, used + SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        for function in functions:
            function.__code__ = mutant.code
        for item in tests:
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                os._exit(1)
        os._exit(0)
    finally:
        os._exit(1)  # whatever a mutant raises outside a test shows it as well
