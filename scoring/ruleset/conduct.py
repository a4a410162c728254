# SPDX-License-Identifier: Apache-2.0
"""Who may not judge whom, what a violation costs, how long the appointment and the records last."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.reading import Table

RELATIONS = (
    "parent",
    "spouse",
    "child",
    "sibling",
    "parent_in_law",
    "sibling_in_law",
    "disciplined",
    "line_manager",
    "nominator",
    "supervisor",
)
KIN_AND_DISCIPLINED = RELATIONS[:7]
DEDUCTIONS = ("reprimand", "warning")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRules:
    """What keeps a person off every board that a candidate meets (Thông tư 6/2020/TT-BNV, article 1).

    ``disciplined`` is no relation to anybody: whoever serves a disciplinary decision judges nobody.
    """

    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionRules:
    """Per cent of a part's mark that a sanction takes; None where the organiser's own rules say it.

    A suspension has no figure: whoever is suspended has no result.
    """

    reprimand: Decimal | None
    warning: Decimal | None

    def deduction(self, level: str) -> Decimal | None:
        """The per cent that this sanction takes of the mark."""
        return {"reprimand": self.reprimand, "warning": self.warning}.get(level)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentRules:
    """For how many years the selected person is appointed; 0 where there is no such term."""

    term_years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    """For how many years the result, and everything else of the competition, is kept."""

    result_years: int
    dossier_years: int


def read_conflicts(table: Table) -> ConflictRules:
    """Kin, spouses' kin and people under discipline, unless said otherwise; at least one."""
    mistakes = len(table.problems)
    rules = ConflictRules(relations=table.texts("relations", KIN_AND_DISCIPLINED, RELATIONS))
    if not rules.relations and len(table.problems) == mistakes:
        table.problem("relations", "needs at least one relation")
    table.close()
    return rules


def read_sanctions(table: Table) -> SanctionRules:
    """No deduction is presumed: one that is not stated here is the organiser's to state."""
    reprimand, warning = _stated(table, "reprimand"), _stated(table, "warning")
    if reprimand is not None and warning is not None and warning < reprimand:
        table.problem("warning", "may not cost less than a reprimand")
    table.close()
    return SanctionRules(reprimand=reprimand, warning=warning)


def _stated(table: Table, level: str) -> Decimal | None:
    return table.decimal(level, most=Decimal(100)) if table.has(level) else None


def read_appointment(table: Table) -> AppointmentRules:
    """Five years (Nghị định 170/2025/NĐ-CP), unless said otherwise."""
    rules = AppointmentRules(term_years=table.whole("term_years", 5, most=50))
    table.close()
    return rules


def read_retention(table: Table) -> RetentionRules:
    """Twenty years and five: a schedule of records to be confirmed by each organiser."""
    mistakes = len(table.problems)
    rules = RetentionRules(
        result_years=table.whole("result_years", 20, least=1, most=1000),
        dossier_years=table.whole("dossier_years", 5, least=1, most=1000),
    )
    if len(table.problems) == mistakes and rules.result_years < rules.dossier_years:
        table.problem("result_years", "may not be less than dossier_years")
    table.close()
    return rules
