# SPDX-License-Identifier: Apache-2.0
"""Who holds a role was proposed for it by one person and approved by another, as the record says."""

from collections.abc import Iterator

from sqlalchemy import select

from exam_portal.accounts.models import Account, Erasure, RoleGrant
from exam_portal.audit import acts
from exam_portal.audit.fsck import Difference, also
from exam_portal.audit.models import SignedPaper
from exam_portal.core.db import Session


@also
def differences(session: Session) -> Iterator[Difference]:
    """Yield each person whose roles or erasure were not decided as they stand."""
    grants = select(
        Account.public_id.label("_about"),
        RoleGrant.public_id.label("grant"),
        RoleGrant.role,
        RoleGrant.organisation_id.label("organisation"),
        RoleGrant.competition_id.label("competition"),
        RoleGrant.exception_paper_id.label("exception_paper"),
    ).join(Account, Account.id == RoleGrant.account_id)
    erasures = (
        select(
            Account.public_id.label("_about"),
            Erasure.public_id.label("erasure"),
            SignedPaper.public_id.label("paper"),
        )
        .join(Account, Account.id == Erasure.account_id)
        .join(SignedPaper, SignedPaper.id == Erasure.signed_paper_id)
    )
    proposed = grants.where(RoleGrant.proposed_by.is_not(None))  # else by the installation's command line
    for act, rows, by, at in (
        ("role_proposed", proposed, RoleGrant.proposed_by, RoleGrant.proposed_at),
        ("role_granted", grants, RoleGrant.approved_by, RoleGrant.approved_at),
        ("role_revoked", grants, RoleGrant.revoked_by, RoleGrant.revoked_at),
        ("erasure_proposed", erasures, Erasure.proposed_by, Erasure.proposed_at),
        ("person_erased", erasures, Erasure.approved_by, Erasure.approved_at),
        ("erasure_withdrawn", erasures, Erasure.withdrawn_by, Erasure.withdrawn_at),
    ):
        done = rows.add_columns(by.label("_by"), at.label("_at")).where(at.is_not(None))
        yield from acts.compare(session, "accounts", act.replace("_", " "), (f"accounts.{act}",), done)
