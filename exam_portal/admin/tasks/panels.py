# SPDX-License-Identifier: Apache-2.0
"""What the panels wait for: the next step of each for who runs it, the own declaration for its members."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions.models import Competition
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.interviews import next_step, steps_in_words
from exam_portal.interviews import queries as interviews
from exam_portal.interviews.models import PanelSession
from exam_portal.interviews.next_step import NextStep, Step
from exam_portal.web import policy

FOR_KEEPERS = frozenset({Step.KEEPERS, Step.SHARES})


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what the panels wait for."""
    yield from _declarations(scene)
    there = {
        one.id: one for one in scene.where("interviews.run", after={Kind.SUMMONED}, before={Kind.RECOGNISED})
    }
    if not there:
        return
    panels = interviews.panels_in(scene.session, there)
    for panel, post, step in next_step.of_panels(scene.session, panels):
        yield _step(there[panel.competition_id], panel, post, step)
    yield from _unseated(scene, there, panels)


def _declarations(scene: Scene) -> Iterator[Task]:
    """Yield the panels to whose candidates this member has yet to declare relations."""
    account_id = scene.actor.account_id
    if account_id is None or not policy.may_ever("interviews.own"):
        return
    running = {standing.competition.id: standing.competition for standing in scene.standings}
    for panel in interviews.panels_of_member(scene.session, account_id):
        competition = running.get(panel.competition_id)
        if competition and (count := next_step.to_declare(scene.session, panel, account_id)):
            yield Task(
                title=gettext("Declare your relations to candidates"),
                text=ngettext(
                    "%(num)s candidate waits for your word; until then no dossier opens, and lots wait.",
                    "%(num)s candidates wait for your word; until then no dossier opens, and lots wait.",
                    count,
                ),
                href=url_for("interviews.own_relations", panel_id=panel.public_id),
                act=gettext("Declare relations"),
                place=place(competition),
                is_urgent=True,
            )


def _unseated(
    scene: Scene, there: Mapping[int, Competition], panels: Sequence[PanelSession]
) -> Iterator[Task]:
    posted = {one for one in there if Kind.MARKS_POSTED in scene.reached[one]}
    for competition_id, count in next_step.unseated(scene.session, there.values(), panels).items():
        if competition_id in posted:
            continue
        yield Task(
            title=gettext("Seat the panels"),
            text=ngettext(
                "%(num)s panel has not been seated yet.", "%(num)s panels have not been seated yet.", count
            ),
            href=url_for("interviews.index", competition_id=there[competition_id].public_id),
            act=gettext("Open the panels"),
            place=place(there[competition_id]),
            count=count,
        )


def _step(competition: Competition, panel: PanelSession, post: str, step: NextStep) -> Task:
    at: dict[str, Any] = {"competition_id": competition.public_id, "panel_id": panel.public_id}
    if step.hearing is not None:
        return Task(
            title=_hearing_title(step.step, post),
            text=_hearing_text(step.step, step.hearing.order_no),
            href=url_for("interviews.hearing", hearing_id=step.hearing.public_id, **at),
            act=gettext("Open the hearing"),
            place=place(competition),
            is_urgent=step.step is not Step.BEGIN,
        )
    return Task(
        title=_title(step.step, post),
        text=steps_in_words.lots_wait(step),
        href=url_for("interviews.sealed_record" if step.step in FOR_KEEPERS else "interviews.show", **at),
        act=gettext("Open the sealed record") if step.step in FOR_KEEPERS else gettext("Open the panel"),
        place=place(competition),
    )


def _hearing_title(step: Step, post: str) -> str:
    titles = {
        Step.SLIPS: gettext("A hearing is on for %(post)s: issue the slips after it", post=post),
        Step.BEGIN: gettext("Begin the next hearing for %(post)s", post=post),
        Step.AGAIN: gettext("A hearing for %(post)s was broken off: call the candidate again", post=post),
        Step.UNOPENED: gettext("A box for %(post)s was not opened: have the ballot given again", post=post),
    }
    return str(titles[step])


def _hearing_text(step: Step, number: int) -> str:
    if step in {Step.AGAIN, Step.UNOPENED}:
        words = gettext(
            "Hearing %(number)s. The candidate has no mark until the council's decision is recorded.",
            number=number,
        )
        return str(words)
    return str(gettext("Hearing %(number)s.", number=number))


def _title(step: Step, post: str) -> str:
    titles = {
        Step.MEMBERS: gettext("Name the members of the panel for %(post)s", post=post),
        Step.RELATIONS: gettext("Have relations declared for the panel for %(post)s", post=post),
        Step.SUBSTITUTES: gettext("Call substitutes to the panel for %(post)s", post=post),
        Step.KEEPERS: gettext("Name the keepers of the sealed record for %(post)s", post=post),
        Step.SHARES: gettext("Keepers have yet to copy their shares for %(post)s", post=post),
        Step.LOTS: gettext("Draw lots for the panel for %(post)s", post=post),
    }
    return str(titles[step])
