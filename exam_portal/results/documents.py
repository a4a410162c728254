# SPDX-License-Identifier: Apache-2.0
"""Documents of results in the national layout: result sheet (35), notices (29, 36), lifting of masks (28)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from flask_babel import force_locale, gettext

from exam_portal.competitions import printing as letterhead
from exam_portal.competitions.models import Competition, Vacancy
from exam_portal.core import sheets
from exam_portal.core.db import Session
from exam_portal.core.sheets import Cell
from exam_portal.results import presentation, queries
from exam_portal.results.models import Publication, Run
from exam_portal.results.queries import MaskState
from exam_portal.results.sheet import Line, Sheet
from exam_portal.web import printing
from exam_portal.web.printed import Signature

OFFICIAL = "vi"


def published_sheet(
    session: Session, competition: Competition, publication: Publication, address: str
) -> bytes:
    """Return a publication as a document: exactly what it states, its hash, and where it can be checked."""
    former = queries.former(session, publication)
    with force_locale(OFFICIAL):
        shown = presentation.public_sheets(competition, publication)
        frame = letterhead.frame(
            session,
            competition,
            publication.published_at or publication.prepared_at,
            title=gettext("RESULT SHEET") if publication.kind == "results" else gettext("POSTED MARKS"),
            subject=competition.title,
            code=f"{35 if publication.kind == 'results' else 36}/{publication.number}",
            recipients=[
                gettext("Candidates"),
                gettext("Electronic portal"),
                gettext("Filed: records office"),
            ],
            signatures=_signatures(),
            version=str(publication.number),
            supersedes=_supersedes(former),
            content_hash=publication.content_hash,
            verify_address=address,
            qr_svg=printing.qr(address),
        )
    return printing.document(
        "results/print/sheet.html", frame, sheets=shown, reason=publication.reason, is_public=True
    )


def staff_sheet(
    session: Session, competition: Competition, vacancy: Vacancy, run: Run, now: datetime, *, name: str
) -> bytes:
    """Return the result sheet of a run, to be signed, or the notice of who goes on after the gate."""
    with force_locale(OFFICIAL):
        shown = presentation.staff_sheet(session, competition, vacancy, run)
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("RESULT SHEET") if name == "sheet" else gettext("LIST AFTER THE GATE"),
            subject=f"{vacancy.title}, {vacancy.unit}",
            code=f"{35 if name == 'sheet' else 29}/{vacancy.code}/{run.number}",
            recipients=[gettext("Examination council"), gettext("Filed: records office")],
            signatures=_signatures(),
            version=str(run.number),
            content_hash=run.output_hash,
        )
    template = f"results/print/{name}.html"
    return printing.document(template, frame, sheets=[shown], sheet=shown, reason="", is_public=False)


def unmasking_minute(session: Session, competition: Competition, state: MaskState, now: datetime) -> bytes:
    """Return the minute of lifting the masks of a part, with room for what is found."""
    with force_locale(OFFICIAL):
        title = presentation.titles_of(competition).get(state.part, state.part)
        frame = letterhead.frame(
            session,
            competition,
            now,
            title=gettext("MINUTES"),
            subject=gettext("Lifting the masks: %(part)s", part=title),
            code=f"28/{state.part}",
            recipients=[gettext("Examination council"), gettext("Filed: records office")],
            signatures=[
                Signature(duty=gettext("WITNESS")),
                Signature(duty=gettext("MASKING BOARD")),
            ],
        )
    return printing.document("results/print/unmasking.html", frame, state=state, part_title=title)


def workbook(shown: Sequence[Sheet]) -> bytes:
    """Return the sheets as a workbook, one a page; figures as numbers, words as words."""
    return sheets.workbook(
        sheets.Sheet(
            title=one.code,
            header=_header(one),
            rows=[_cells(line, one) for line in one.lines],
            widths=[8, 14, 28, *(16 for _ in one.columns), *([12] if one.has_preference else []), 12, 18, 40],
        )
        for one in shown
    )


def _header(shown: Sheet) -> list[str]:
    parts = [column.heading for column in shown.columns]
    return [
        gettext("Rank"),
        gettext("Candidate number"),
        gettext("Full name"),
        *parts,
        *([gettext("Preference points")] if shown.has_preference else []),
        gettext("Total"),
        gettext("Outcome"),
        gettext("Equal totals"),
    ]


def _cells(line: Line, shown: Sheet) -> list[Cell]:
    by_part = {cell.key: cell.mark for cell in line.cells}
    marks = [_decimal(by_part[column.key]) for column in shown.columns]
    return [
        line.rank,
        line.number,
        line.name,
        *marks,
        *([_decimal(line.preference)] if shown.has_preference else []),
        _decimal(line.total),
        line.outcome_words,
        line.tie,
    ]


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _signatures() -> list[Signature]:
    return [
        Signature(duty=gettext("MEMBER AND SECRETARY")),
        Signature(authority=gettext("FOR THE COUNCIL"), duty=gettext("CHAIR")),
    ]


def _supersedes(former: Publication | None) -> str:
    if former is None or former.published_at is None:
        return ""
    return str(
        gettext(
            "Supersedes publication %(number)s of %(day)s",
            number=former.number,
            day=presentation.day(former.published_at),
        )
    )
