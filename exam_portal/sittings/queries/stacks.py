# SPDX-License-Identifier: Apache-2.0
"""Reads of scanned stacks: how far each is, what was found on each page, which pages are still missing."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import case, func, select

from exam_portal.core.db import Session
from exam_portal.sittings.models import PageFinding, ScannedPage, ScanStack, Script, ScriptScan, Seat, Sitting
from exam_portal.sittings.service import collecting


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StackEntry:
    """A stack, and how many of its pages a person has decided on."""

    stack: ScanStack
    pages: int
    decided: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """A page of a stack: what the server found, whose sheet it is, what a person decided."""

    page: ScannedPage
    shown: str  # the finding; "taken" where another page was accepted in between
    sheet_code: str
    number: int | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MissingPages:
    """A script of which not every page of its counted sheets has been accepted."""

    part: str
    sheet_code: str
    accepted: int
    missing: str  # such as 3, 5–8


def stacks(session: Session, competition_id: int) -> list[StackEntry]:
    """Return the stacks of a competition, the newest first: one query."""
    decided = func.sum(case((ScannedPage.verdict.is_not(None), 1), else_=0))
    rows = session.execute(
        select(ScanStack, func.count(ScannedPage.id), decided)
        .outerjoin(ScannedPage, ScannedPage.stack_id == ScanStack.id)
        .where(ScanStack.competition_id == competition_id)
        .group_by(ScanStack.id)
        .order_by(ScanStack.id.desc())
    )
    return [StackEntry(stack=stack, pages=pages, decided=int(done or 0)) for stack, pages, done in rows]


def pages_of(session: Session, stack: ScanStack) -> list[PageEntry]:
    """Return the pages of a stack in their order: two queries."""
    placed = select(ScriptScan.id, ScriptScan.script_id, ScriptScan.number).subquery()
    rows = session.execute(
        select(ScannedPage, Seat.sheet_code, placed.c.number)
        .outerjoin(placed, placed.c.id == ScannedPage.scan_id)
        .outerjoin(Script, Script.id == func.coalesce(placed.c.script_id, ScannedPage.found_script_id))
        .outerjoin(Seat, (Seat.sitting_id == Script.sitting_id) & (Seat.candidate_id == Script.candidate_id))
        .where(ScannedPage.stack_id == stack.id)
        .order_by(ScannedPage.place)
    ).all()
    taken = _taken(session, {page.found_script_id for page, _, _ in rows if page.found_script_id})
    return [
        PageEntry(
            page=page,
            shown=_shown(page, taken),
            sheet_code=code or "",
            number=number or page.found_number,
        )
        for page, code, number in rows
    ]


def missing_pages(session: Session, competition_id: int) -> list[MissingPages]:
    """Return the counted scripts without all their pages; those whose pages came by hand are left out."""
    rows = session.execute(
        select(Sitting, Seat, Script)
        .join(Seat, Seat.sitting_id == Sitting.id)
        .join(Script, (Script.sitting_id == Seat.sitting_id) & (Script.candidate_id == Seat.candidate_id))
        .where(Sitting.competition_id == competition_id, Script.source == "paper")
        .order_by(Sitting.starts_at, Sitting.id, Seat.sheet_code)
    ).all()
    there: dict[int, set[int | None]] = defaultdict(set)
    for script_id, number in _taken(session, {script.id for _, _, script in rows}):
        there[script_id].add(number)
    sheets = {
        sitting.id: collecting.sheets_of(session, sitting)
        for sitting in {sitting.id: sitting for sitting, _, _ in rows}.values()
    }
    found = []
    for sitting, seat, script in rows:
        every = range(1, collecting.PAGES_OF_A_SHEET * sheets[sitting.id][seat.id] + 1)
        missing = [number for number in every if number not in there[script.id]]
        if missing and None not in there[script.id]:
            accepted = len(every) - len(missing)
            found.append(
                MissingPages(
                    part=script.part, sheet_code=seat.sheet_code, accepted=accepted, missing=ranges(missing)
                )
            )
    return found


def ranges(numbers: Iterable[int]) -> str:
    """Return ascending numbers as a person writes them: 1–4, 6."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _taken(session: Session, script_ids: set[int]) -> set[tuple[int, int | None]]:
    query = select(ScriptScan.script_id, ScriptScan.number).where(ScriptScan.script_id.in_(script_ids))
    return {(script_id, number) for script_id, number in session.execute(query)}


def _shown(page: ScannedPage, taken: set[tuple[int, int | None]]) -> str:
    is_taken = (page.found_script_id, page.found_number) in taken
    if page.finding == PageFinding.MATCHED and page.verdict is None and is_taken:
        return "taken"
    return page.finding
