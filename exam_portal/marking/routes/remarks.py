# SPDX-License-Identifier: Apache-2.0
"""What a marker wrote and highlighted, for those who read locked marks."""

from exam_portal.core.errors import NotFound
from exam_portal.marking import access, desk_page, highlights, presentation, queries
from exam_portal.marking.routes.blueprint import BAG, bp
from exam_portal.sittings import handover
from exam_portal.web import context, database, policy, templating


@bp.get(f"{BAG}/marks/<public_id:mark_id>/remarks")
@policy.requires("marking.read_marks")
def remarks(competition_id: str, bag_id: str, mark_id: str) -> str:
    """Show a locked mark by criterion, its comment, and the passages that its marker highlighted."""
    session = database.reader()
    bag = access.load_bag(session, context.actor(), competition_id, bag_id, "marking.read_marks")
    mark = queries.mark(session, bag, mark_id)
    if not queries.is_locked(session, bag.competition_id, bag.part, bag.purpose):
        raise NotFound
    brief = handover.brief(session, bag.id)
    content = handover.content(session, mark.masked_script_id)
    shown = desk_page.answers(content, highlights.of(mark.highlights))
    return templating.render(
        "marking/remarks.html",
        bag=bag,
        mark=mark,
        script=next(one for one in handover.scripts(session, bag.id) if one.id == mark.masked_script_id),
        rule=presentation.rule_of(brief, bag),
        brief=brief,
        title=presentation.title_of(brief, bag.part),
        passages=desk_page.passages(shown),
    )
