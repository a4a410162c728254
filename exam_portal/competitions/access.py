# SPDX-License-Identifier: Apache-2.0
"""Who may do what with a competition. Rows come from ``queries``, which hides other organisations."""

from exam_portal.core.actors import Role
from exam_portal.web.policy import any_of, holds, holds_anywhere

STAFF = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
READERS = (
    Role.ORGANISER,
    Role.CHAIR,
    Role.SECRETARY,
    Role.COUNCIL,
    Role.AUTHORITY,
    Role.OVERSIGHT,
    Role.VETTING_BOARD,
    Role.REVIEW_BOARD,
)

PERMISSIONS = {
    "competitions.list": any_of(holds_anywhere(*STAFF), doc="See the competitions of one's own places."),
    "competitions.create": any_of(holds(Role.ORGANISER), doc="Create a competition for an organisation."),
    "competitions.view": any_of(holds(*STAFF), doc="See a competition as its staff."),
    "competitions.edit": any_of(
        holds(Role.ORGANISER, Role.SECRETARY), doc="Edit the draft: facts, vacancies, criteria, modes."
    ),
    "competitions.submit": any_of(holds(Role.ORGANISER, Role.SECRETARY), doc="Submit a draft to the chair."),
    "competitions.see_approval": any_of(
        holds(Role.ORGANISER, Role.SECRETARY, Role.CHAIR, Role.AUTHORITY, Role.OVERSIGHT),
        doc="See what lies before the chair, and what the chair has said.",
    ),
    "competitions.approve": any_of(holds(Role.CHAIR), doc="Approve a draft, or send it back."),
    "competitions.record_approval": any_of(
        holds(Role.ORGANISER, Role.SECRETARY), doc="Record the chair's signed approval with its scan."
    ),
    "competitions.announce": any_of(
        holds(Role.ORGANISER, Role.SECRETARY), doc="Publish the notice; prolong the period for applications."
    ),
    "competitions.close_registration": any_of(
        holds(Role.ORGANISER, Role.SECRETARY), doc="Close the register once its period is over."
    ),
    "competitions.read_decisions": any_of(holds(*READERS), doc="Read the register of decisions."),
    "competitions.record_decision": any_of(
        holds(Role.SECRETARY, Role.CHAIR, Role.AUTHORITY), doc="Record a decision with its signed paper."
    ),
    "competitions.shift_clock": any_of(
        holds(Role.ORGANISER), doc="Let the clock of a rehearsal run ahead (rehearsals only)."
    ),
}
