# SPDX-License-Identifier: Apache-2.0
"""What the minutes of a paper say (documents 13, 14 and 15 of domain 7)."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from exam_portal.competitions import printing, rules
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.papers import draw_queries, messages, schedule
from exam_portal.papers.models import EnvelopeEventKind, PaperDraw, PaperDrawRun
from exam_portal.papers.queries import EnvelopeEntry, Standing
from exam_portal.registration import queries as registration
from exam_portal.web.printed import PrintedDocument, Signature
from scoring.ruleset import Part

TITLES: Mapping[str, tuple[object, object]] = {
    "drawing": (_l("MINUTES"), _l("On the drawing of an examination paper")),
    "handover": (_l("MINUTES"), _l("On the handing over of examination papers")),
    "opening": (_l("MINUTES"), _l("On the opening of envelopes with examination papers")),
}
CODES = {"drawing": "BB-BTD", "handover": "BB-BGD", "opening": "BB-MBD"}
SIGNERS: Mapping[str, Sequence[object]] = {
    "drawing": (_l("QUESTION-SETTING BOARD"), _l("CHAIR OF THE COUNCIL")),
    "handover": (_l("HANDED OVER BY"), _l("TAKEN OVER BY")),
    "opening": (_l("INVIGILATOR 1"), _l("INVIGILATOR 2")),
}

EVENTS = {"handover": EnvelopeEventKind.HANDED_OVER, "opening": EnvelopeEventKind.OPENED}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """The facts of one of the minutes beside its frame; blanks are filled in by hand."""

    frame: PrintedDocument
    part: str
    kind: str
    starts_at: datetime | None
    made_at: datetime
    blueprint: Mapping[str, Any]
    drawn: tuple[PaperDraw, PaperDrawRun] | None  # before which witnesses, from which seed


def minutes(
    session: Session, competition: Competition, part: Part, standing: Standing, now: datetime, *, name: str
) -> Minutes:
    """Return what one of the minutes says."""
    title, subject = TITLES[name]
    frame = printing.frame(
        session,
        competition,
        now,
        title=str(title),
        subject=str(subject),
        code=f"{CODES[name]}-{part.key}-{standing.paper.kind}",
        grounds=(),
        signatures=[Signature(duty=str(duty)) for duty in SIGNERS[name]],
    )
    return Minutes(
        frame=frame,
        part=rules.part_title(part, "vi"),
        kind=messages.kind(standing.paper.kind),
        starts_at=schedule.first_start(session, standing.paper),
        made_at=now,
        blueprint=standing.paper.blueprint or {},
        drawn=draw_queries.drawn(session, standing.paper),
    )


def recorded(
    session: Session,
    competition: Competition,
    entries: Sequence[EnvelopeEntry],
    kind: EnvelopeEventKind | None,
) -> dict[str, Any]:
    """Return what is on record of this kind: by envelope, the first of them, who stood by, who saw it."""
    events = {entry.envelope.id: entry.latest(kind) if kind else None for entry in entries}
    done = [event for event in events.values() if event is not None]
    numbers = sorted({number for event in done for number in event.candidates.split(", ") if number})
    names = {one.candidate_no: one.name for one in registration.candidates(session, competition.id)}
    return {
        "events": events,
        "first": min(done, key=lambda event: event.happened_at) if done else None,
        "present": sorted({event.witnesses for event in done}),
        "saw": [(number, names.get(number, "")) for number in numbers],
    }
