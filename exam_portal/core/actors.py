# SPDX-License-Identifier: Apache-2.0
"""Who acts: what every permission predicate and every verb receives."""

import dataclasses
import enum
from collections.abc import Iterable


class Role(enum.StrEnum):
    """A duty that a person holds for an organisation or for one competition (domain: boards)."""

    ADMINISTRATOR = "administrator"  # the installation: organisations and first organisers
    ORGANISER = "organiser"  # organisation: creates and runs competitions
    COUNTER = "counter"  # organisation: takes in paper dossiers, prints one-time codes
    CHAIR = "chair"  # competition: chair of the examination council
    SECRETARY = "secretary"  # competition: member-secretary
    COUNCIL = "council"  # competition: council member, sits on the panel
    AUTHORITY = "authority"  # competition: speaks for the appointing authority, second approver
    VETTING_BOARD = "vetting_board"
    SETTING_BOARD = "setting_board"  # organisation or competition: items, papers
    INVIGILATOR = "invigilator"
    MASKING_BOARD = "masking_board"
    MARKER = "marker"
    REVIEW_BOARD = "review_board"
    TYPIST = "typist"  # competition: keys figures from signed slips (two, independently)
    OVERSIGHT = "oversight"  # organisation or competition: reads everything that is open, writes nothing


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One role held in one place: a whole organisation (and those below it) or one competition."""

    role: Role
    organisation_ids: frozenset[int]  # the organisation and all below it; empty for a competition's grant
    competition_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at this moment, with all that permissions are decided from. No row, no session."""

    account_id: int | None  # None: nobody has signed in (or the system itself acts)
    public_id: str | None = None
    is_candidate: bool = False
    language: str = "vi"
    grants: tuple[Grant, ...] = ()
    system: bool = False  # a job or command of the installation

    @property
    def is_known(self) -> bool:
        """Whether somebody has signed in."""
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(grant.role for grant in self.grants)

    def holds(
        self, role: Role, *, organisation_id: int | None = None, competition_id: int | None = None
    ) -> bool:
        """Whether the role is held for this competition, or for the organisation that owns it."""
        return any(
            grant.role is role
            and (
                (competition_id is not None and grant.competition_id == competition_id)
                or (organisation_id is not None and organisation_id in grant.organisation_ids)
            )
            for grant in self.grants
        )

    def holds_any(
        self, roles: Iterable[Role], *, organisation_id: int | None = None, competition_id: int | None = None
    ) -> bool:
        """Whether at least one of the roles is held there."""
        return any(
            self.holds(r, organisation_id=organisation_id, competition_id=competition_id) for r in roles
        )


NOBODY = Actor(account_id=None)
SYSTEM = Actor(account_id=None, system=True)
