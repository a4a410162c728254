# SPDX-License-Identifier: Apache-2.0
"""Passages that two masked scripts, or a script and the guide, have in common: a hint to the head alone.

What is kept says only where the passages stand; the words are read from the scripts each time they are shown.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select

from exam_portal.core import computing, outbox
from exam_portal.core.confinement import confine
from exam_portal.core.db import Session
from exam_portal.marking.agreement import queries, service
from exam_portal.marking.models import MarkingReport
from exam_portal.sittings import handover
from exam_portal.sittings.handover import BagView, MaskedAnswer

MODULE: Final = "question_bank.copying_worker"
GUIDE: Final = ""  # the name under which the guide of an item is compared
MOST: Final = 200  # findings kept
SHOWN: Final = 20  # findings of a page, each of which opens two scripts
AROUND: Final = 60  # code points before and after a passage


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A passage as it stands in one text, with a few words around it."""

    before: str
    words: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Two texts with their passages side by side; `one` is empty where it is the guide."""

    item: str
    one: str
    other: str
    words: int
    passages: Sequence[tuple[Excerpt, Excerpt]]


@outbox.handler(service.JOBS[service.LIKENESS])
def compare(job: outbox.Job) -> None:
    """The report is there, exactly once."""
    wanted = select(MarkingReport).where(MarkingReport.public_id == job.payload["report"])
    with job.database.reading() as session:
        confine(session)
        document = _document(session, session.scalars(wanted).one())
    content = computing.computed(document, MODULE)
    with job.database.writing() as session:
        if job.finish(session):
            service.keep(session, job.now, report=session.scalars(wanted).one(), content=content)


def findings(session: Session, bags: Sequence[BagView], report: MarkingReport) -> list[Finding]:
    """Return the first findings of a report with the words of their passages."""
    pairs = (report.content or {}).get("pairs", [])[:SHOWN]
    masked = {
        script.mask_code: script.id for script in handover.scripts_of(session, [bag.id for bag in bags])
    }
    texts: dict[str, Mapping[str, MaskedAnswer]] = {}
    for code in {pair[side] for pair in pairs for side in ("one", "other")} - {GUIDE}:
        texts[code] = _answers(session, masked[code])
    return [_finding(pair, texts) for pair in pairs]


def _finding(pair: Mapping[str, Any], texts: Mapping[str, Mapping[str, MaskedAnswer]]) -> Finding:
    item = pair["item"]
    other = texts[pair["other"]][item]
    one = guide_of(other) if pair["one"] == GUIDE else texts[pair["one"]][item].text
    return Finding(
        item=item,
        one=pair["one"],
        other=pair["other"],
        words=pair["words"],
        passages=[
            (_excerpt(one, start, end), _excerpt(other.text, start_other, end_other))
            for start, end, start_other, end_other in pair["passages"]
        ],
    )


def _excerpt(text: str, start: int, end: int) -> Excerpt:
    return Excerpt(
        before=text[max(0, start - AROUND) : start], words=text[start:end], after=text[end : end + AROUND]
    )


def _document(session: Session, report: MarkingReport) -> dict[str, Any]:
    """Return the typed answers by item and mask code; scripts on paper have none."""
    bags = queries.bags_of(session, report)
    items: dict[str, dict[str, Any]] = {}
    for script in handover.scripts_of(session, [bag.id for bag in bags]):
        if script.id <= report.basis:
            for answer in _answers(session, script.id).values():
                known = {
                    "item": answer.item,
                    "texts": {},
                    "known": [answer.prompt],
                    "guide": guide_of(answer),
                }
                items.setdefault(answer.item, known)["texts"][script.mask_code] = answer.text
    return {"items": [items[name] for name in sorted(items)], "most": MOST}


def _answers(session: Session, masked_id: int) -> dict[str, MaskedAnswer]:
    return {answer.item: answer for answer in handover.content(session, masked_id).answers}


def guide_of(answer: MaskedAnswer) -> str:
    """Return what markers are told to look for in an answer."""
    return "\n".join(str(row.get("guidance") or "") for row in answer.rubric).strip()
