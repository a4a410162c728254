# SPDX-License-Identifier: Apache-2.0
"""What waits for typists: slips and counting sheets that they have not keyed, or keyed differently."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext, ngettext

from exam_portal.admin import queries
from exam_portal.admin.tasks.task import Scene, Task, place
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import MilestoneKind as Kind
from exam_portal.interviews import queries as interviews
from exam_portal.interviews.models import CountKeying, PanelSession
from exam_portal.marking import slip_list
from exam_portal.sittings import handover


def tasks(scene: Scene) -> Iterator[Task]:
    """Yield what waits for this typist."""
    if scene.actor.account_id is not None:
        yield from _slips(scene, scene.actor.account_id)
        yield from _counting_sheets(scene, scene.actor.account_id)


def _slips(scene: Scene, account_id: int) -> Iterator[Task]:
    open_now = list(scene.where("marking.key", after={Kind.SUMMONED}, before={Kind.RECOGNISED}))
    bags = handover.bags_within(scene.session, [found.id for found in open_now]) if open_now else []
    if not bags:
        return
    rulesets = {found.id: competitions.ruleset(found) for found in open_now}
    states: dict[int, list[str]] = defaultdict(list)
    for row in slip_list.slips_of(scene.session, bags, rulesets, account_id):
        states[row.bag.competition_id].append(row.state)
    filed = queries.slips_filed(scene.session, rulesets)
    for competition in open_now:
        found = states[competition.id]
        fresh, apart = found.count("first") + found.count("second"), found.count("differs")
        if fresh or apart:
            yield Task(
                title=gettext("Key marks from signed slips"),
                text=_words(fresh, apart, is_filed=competition.id in filed),
                href=url_for("marking.slips", competition_id=competition.public_id),
                act=gettext("Open the slips"),
                place=place(competition),
                count=fresh + apart,
            )


def _counting_sheets(scene: Scene, account_id: int) -> Iterator[Task]:
    may = {found.id: found for found in scene.where("interviews.key", after={Kind.SUMMONED})}
    on_paper = [
        (panel, hearing)
        for panel, hearing in (queries.open_hearings(scene.session, may) if may else ())
        if panel.mode == "paper"
    ]
    keyed = interviews.keyings(scene.session, [hearing.id for _, hearing in on_paper]) if on_paper else {}
    sheets: dict[PanelSession, list[Sequence[CountKeying]]] = defaultdict(list)
    for panel, hearing in on_paper:
        sheets[panel].append(keyed.get(hearing.id, []))
    for panel, found in sheets.items():
        apart = sum(interviews.differ(last) for last in found)
        fresh = sum(account_id not in {keying.typist_id for keying in last} for last in found)
        if fresh or apart:
            competition = may[panel.competition_id]
            yield Task(
                title=gettext("Key the counting sheets of a panel"),
                text=_words(fresh, apart),
                href=url_for(
                    "interviews.show", competition_id=competition.public_id, panel_id=panel.public_id
                ),
                act=gettext("Open the panel"),
                place=place(competition),
                count=fresh + apart,
            )


def _words(fresh: int, apart: int, *, is_filed: bool = True) -> str:
    words = []
    if fresh:
        words.append(ngettext("%(num)d to key", "%(num)d to key", fresh))
    if apart:
        words.append(ngettext("%(num)d differs: read it again", "%(num)d differ: read them again", apart))
    if not is_filed:
        words.append(gettext("The scan of the signed slips is filed first."))
    words.append(gettext("Two people key independently; the figures count once both agree."))
    return " · ".join(words)
