# SPDX-License-Identifier: Apache-2.0
"""To whom dossiers are still closed: the stage that seats panels knows, and says so through ``closed_by``."""

from collections.abc import Callable

from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from exam_portal.registration.errors import DeclareFirst
from exam_portal.registration.models import Application

Closed = Callable[[Session, int, int], bool]  # account, vacancy -> opens no dossier yet

DOSSIER = frozenset({"registration.view_dossier", "registration.vet"})
_closed: list[Closed] = []


def closed_by(check: Closed) -> None:
    """Ask this whether an account may not open the dossiers of a vacancy yet; named once."""
    _closed[:] = [check]


def require(session: Session, actor: Actor, application: Application, permission: str) -> None:
    """Who sits on a panel has declared relations to the candidates before a dossier opens."""
    if permission not in DOSSIER or actor.account_id is None:
        return
    if any(check(session, actor.account_id, application.vacancy_id) for check in _closed):
        raise DeclareFirst
