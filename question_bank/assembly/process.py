# SPDX-License-Identifier: Apache-2.0
"""The solver, as a process of its own that can be given up and dies with the one that started it.

CP-SAT with one thread and a limit in deterministic time, so that the same program and seed give the same
answer however busy the machine is. This is the only module of the package that starts anything.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Self

from question_bank.assembly.program import Program, Solution

WORKER = ("-m", "question_bank.assembly.worker")
HARD_FACTOR = 20  # seconds of the clock, for each of deterministic time, after which the process is ended
FEWEST_SECONDS = 60  # of the clock: a start alone may take some on a busy machine
MEMORY = 2 * 1024**3  # bytes of address space that the process may take
HOUSE = Path(__file__).resolve().parents[2]  # where the package lies, wherever the caller stands


class SolverFailed(RuntimeError):
    """The process of the solver ended without an answer."""


class Stopped(RuntimeError):
    """The caller no longer wants the answer."""


class Solver:
    """The process of the solver, for as many programs as are needed; a context manager.

    `is_wanted` is asked about once a second: the process is ended where it says no.
    """

    def __init__(self, is_wanted: Callable[[], bool] | None = None, *, memory: int = MEMORY) -> None:
        self._is_wanted = is_wanted or (lambda: True)
        self._process = subprocess.Popen(
            [sys.executable, *WORKER, str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=HOUSE,
        )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def __enter__(self) -> Self:
        """Return the running solver."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            _close(stream)

    def solve(self, program: Program, *, seed: int, effort: int) -> Solution:
        """Return the best answer within so much deterministic time (about seconds of a quiet core).

        Raises SolverFailed where the process dies or takes far longer, Stopped where nobody wants it.
        """
        asked = json.dumps({"seed": seed % 2**31, "effort": effort, **program.as_dict()})
        watch = _Watch(self._process, self._is_wanted, max(effort * HARD_FACTOR, FEWEST_SECONDS))
        with watch:
            told = self._talk(asked)
        if told is not None:
            return Solution(**{**told, "values": tuple(told["values"])})
        if watch.was_stopped:
            raise Stopped
        raise SolverFailed("the process of the solver ended without an answer")

    def _talk(self, asked: str) -> Mapping[str, Any] | None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(asked + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return None
        line = self._process.stdout.readline()
        return json.loads(line) if line.endswith("\n") else None


class _Watch:
    """Ends the process when its time is over or its answer is no longer wanted."""

    def __init__(self, process: "subprocess.Popen[str]", is_wanted: Callable[[], bool], seconds: int) -> None:
        self.was_stopped = False
        self._process = process
        self._is_wanted = is_wanted
        self._seconds = seconds
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="assembly", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        waited = 0
        while not self._done.wait(1):
            waited += 1
            self.was_stopped = not self._is_wanted()
            if self.was_stopped or waited > self._seconds:
                self._process.kill()
                return


def _close(stream: IO[str] | None) -> None:
    try:
        if stream is not None:
            stream.close()
    except BrokenPipeError:
        pass  # what was still to be said, nobody hears
