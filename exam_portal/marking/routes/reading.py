# SPDX-License-Identifier: Apache-2.0
"""Reading a bag question by question."""

from exam_portal.marking import access, by_question, own_work, presentation
from exam_portal.marking.routes.blueprint import bp
from exam_portal.marking.routes.desk import OWN
from exam_portal.sittings import handover
from exam_portal.web import context, database, policy, templating


@bp.get(f"{OWN}/questions/<int:question>/<int:place>")
@policy.requires("marking.mark")
def question(bag_id: str, question: int, place: int) -> str:
    """Show one answer among those to its question, in the order in which this marker reads them."""
    session = database.reader()
    found = access.load_assigned(session, context.actor(), bag_id)
    access.require_qualified(session, found)
    tasks = own_work.tasks(session, found.bag, found.round, found.marker_id)
    return templating.render(
        "marking/question.html",
        assigned=found,
        title=presentation.title_of(handover.brief(session, found.bag.id), found.bag.part),
        reading=by_question.reading(session, found, tasks, question, place),
    )
