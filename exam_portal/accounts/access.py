# SPDX-License-Identifier: Apache-2.0
"""Who may do what with accounts, organisations and roles."""

from exam_portal.accounts.service import Seat
from exam_portal.core.actors import Actor, Role
from exam_portal.web import policy

STAFFING = (Role.ADMINISTRATOR, Role.ORGANISER, Role.SECRETARY)
APPROVERS = (Role.ADMINISTRATOR, Role.ORGANISER, Role.CHAIR, Role.AUTHORITY)
OFFICES = (Role.ADMINISTRATOR, Role.ORGANISER)
READERS = (*STAFFING, Role.CHAIR, Role.AUTHORITY, Role.OVERSIGHT)

PERMISSIONS: policy.Permissions = {
    "accounts.own": policy.any_of(policy.signed_in, doc="Open and change the own account; sign out."),
    "accounts.see_organisations": policy.any_of(
        policy.holds_anywhere(*READERS, Role.COUNTER), doc="See the organisations in which one has a duty."
    ),
    "accounts.create_organisation": policy.any_of(
        policy.holds(Role.ADMINISTRATOR), doc="Add an organisation below one's own."
    ),
    "accounts.see_people": policy.any_of(
        policy.holds(*READERS), doc="See who holds which role in an organisation or competition."
    ),
    "accounts.propose": policy.any_of(
        policy.holds(*STAFFING), doc="Invite a member of staff; propose a role."
    ),
    "accounts.approve": policy.any_of(
        policy.holds(*APPROVERS), doc="Approve a role that somebody else proposed for a third person."
    ),
    "accounts.revoke": policy.any_of(policy.holds(*APPROVERS), doc="Take a role back; withdraw a proposal."),
    "accounts.erase": policy.any_of(
        policy.holds(*OFFICES),
        doc="Find a person that nobody else has to do with; propose or approve that one's erasure.",
    ),
    "accounts.counter": policy.any_of(
        policy.holds(Role.COUNTER), doc="Open an account without e-mail and print its one-time code."
    ),
}


def place(seat: Seat) -> policy.Scope:
    """Return where the roles of this seat are held, for permissions."""
    return policy.Scope(organisation_id=seat.organisation_id, competition_id=seat.competition_id)


def may_be_approved_by(actor: Actor, *, is_own_proposal: bool, is_own: bool) -> bool:
    """Whether the actor is a second person to this proposal; for buttons, the verb decides."""
    return actor.is_known and not is_own_proposal and not is_own
