# SPDX-License-Identifier: Apache-2.0
"""What waits for the secretary and the chair while a competition is marked, reviewed and decided."""

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import MilestoneKind as Kind

# what is reached -> what comes next, the step's own words and its page
STEPS: Sequence[tuple[Kind, Kind, str, str]] = (
    (Kind.REVIEWS_CLOSED, Kind.OPINION_RECORDED, _l("Record the opinion of the Party committee"), "opinion"),
    (Kind.OPINION_RECORDED, Kind.RECOGNISED, _l("Record the decision of recognition"), "recognition"),
)


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what the course of the competitions asks for."""
    yield from _hearings(scene)
    yield from _reviews(scene)
    yield from _steps(scene)


def _hearings(scene: Scene) -> Iterator[Task]:
    may = {found.id: found for found in scene.where("interviews.run", after={Kind.SUMMONED})}
    for panel, hearing in queries.open_hearings(scene.session, may) if may else ():
        competition = may[panel.competition_id]
        yield Task(
            title=gettext("A ballot is open"),
            text=gettext(
                "Hearing %(number)s. The ballots are counted once all have come in.", number=hearing.order_no
            ),
            href=url_for(
                "interviews.hearing",
                competition_id=competition.public_id,
                panel_id=panel.public_id,
                hearing_id=hearing.public_id,
            ),
            act=gettext("Open the hearing"),
            place=place(competition),
            is_urgent=True,
        )


def _reviews(scene: Scene) -> Iterator[Task]:
    reviewing = list(scene.where("appeals.decide", after={Kind.MARKS_POSTED}, before={Kind.REVIEWS_CLOSED}))
    waiting = queries.undecided_reviews(scene.session, [f.id for f in reviewing]) if reviewing else {}
    for competition in reviewing:
        if count := waiting[competition.id]:
            yield Task(
                title=gettext("Decide requests for review"),
                text=ngettext("%(num)d request waits", "%(num)d requests wait", count),
                href=url_for("appeals.overview", competition_id=competition.public_id),
                act=gettext("Open the requests"),
                place=place(competition),
                count=count,
            )


def _steps(scene: Scene) -> Iterator[Task]:
    for reached, coming, title, step in STEPS:
        for competition in scene.where("results.record_step", after={reached}, before={coming}):
            yield Task(
                title=str(title),
                text=gettext("Number and date are recorded, with the scan of the signed paper."),
                href=url_for("results.record_step", competition_id=competition.public_id, step=step),
                act=gettext("Record it"),
                place=place(competition),
            )
    for competition in scene.where("results.prepare", after={Kind.RECOGNISED}, before={Kind.PUBLISHED}):
        yield Task(
            title=gettext("Prepare the publication"),
            text=gettext("The result is recognised. Two people approve what becomes public."),
            href=url_for("results.overview", competition_id=competition.public_id),
            act=gettext("Open the results"),
            place=place(competition),
        )
