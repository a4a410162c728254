# SPDX-License-Identifier: Apache-2.0
"""Who may open the pages that span slices: homes, the record of a competition, the state of the system."""

from exam_portal.core.actors import Role
from exam_portal.web import policy

STAFF = tuple(role for role in Role if role is not Role.ADMINISTRATOR)
READERS = (Role.ORGANISER, Role.CHAIR, Role.SECRETARY, Role.AUTHORITY, Role.OVERSIGHT)

PERMISSIONS: policy.Permissions = {
    "admin.own_home": policy.any_of(policy.is_candidate, doc="Open the candidate's home."),
    "admin.staff_home": policy.any_of(
        policy.holds_anywhere(*Role), doc="Open the home of those who run competitions."
    ),
    "admin.read_log": policy.any_of(
        policy.holds(*READERS), doc="Browse the record of a competition: what was done, when, by whom."
    ),
    "admin.open_leaf": policy.any_of(
        policy.holds(Role.OVERSIGHT), doc="Open the content of a leaf, with salt and proof."
    ),
    "admin.see_conflicts": policy.any_of(
        policy.holds(*STAFF), doc="See the own declared relations, and where one may those of others."
    ),
    "admin.declare_conflict": policy.any_of(
        policy.holds(*STAFF), doc="Declare the own relation to a candidate of a competition."
    ),
    "admin.type_relation": policy.any_of(
        policy.holds(Role.SECRETARY),
        doc="Type the signed declaration of somebody without an account, such as a marker on paper.",
    ),
    "admin.see_all_conflicts": policy.any_of(
        policy.holds(Role.CHAIR, Role.SECRETARY, Role.OVERSIGHT),
        doc="See of a competition who has declared a relation to whom.",
    ),
    "admin.see_kinds_of_relations": policy.any_of(
        policy.holds(Role.CHAIR, Role.OVERSIGHT), doc="See which relation others have declared."
    ),
    "admin.see_system": policy.any_of(
        policy.holds_anywhere(Role.ADMINISTRATOR), doc="See the state of the installation."
    ),
}
