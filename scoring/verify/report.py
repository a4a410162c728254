# SPDX-License-Identifier: Apache-2.0
"""What a verification found: numbered checks, and one exit status."""

from __future__ import annotations

from dataclasses import dataclass

HOLDS, FAILS = "ok", "FAILED"


class UnusableBundle(ValueError):
    """There is nothing to check: the file is no bundle, or goes beyond what a verifier reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One numbered check, and what does not hold."""

    code: str
    title: str
    status: str
    problems: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The check as it is printed."""
        return [f"{self.code:<3} {self.status:<6} {self.title}", *(f"    - {each}" for each in self.problems)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All checks of one bundle; `unusable` says why there are none."""

    results: tuple[CheckResult, ...] = ()
    unusable: str | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """The codes of the checks that do not hold."""
        return tuple(result.code for result in self.results if result.status == FAILS)

    @property
    def exit_status(self) -> int:
        """0 everything holds, 1 a check failed, 2 unusable."""
        if self.unusable is not None:
            return 2
        return 1 if self.failed else 0

    def text(self) -> str:
        """The whole report, a line for each check and each problem."""
        if self.unusable is not None:
            return f"unusable: {self.unusable}"
        lines = [line for result in self.results for line in result.lines()]
        verdict = (
            "everything that was checked holds" if not self.failed else f"failed: {', '.join(self.failed)}"
        )
        return "\n".join([*lines, verdict])
