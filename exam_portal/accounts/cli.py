# SPDX-License-Identifier: Apache-2.0
"""``exam-portal users``: the first accounts of an installation, and help for somebody who is locked out."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select

from exam_portal.accounts import erased, fsck, profiles, service
from exam_portal.accounts.errors import LoginTaken
from exam_portal.accounts.models import Account, AccountKind, Organisation, RoleGrant
from exam_portal.accounts.passwords import Hasher
from exam_portal.core import schema
from exam_portal.core import settings as core_settings
from exam_portal.core.actors import SYSTEM, Role
from exam_portal.core.clock import SYSTEM as CLOCK
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError


@click.group()
def users() -> None:
    """Accounts: create, list, reset a password."""


@users.command()
@click.option("--name", required=True, help="Full name.")
@click.option("--login", required=True, help="E-mail address or account name.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in sorted(service.ORGANISATION_ROLES)]),
    default=Role.ADMINISTRATOR.value,
    show_default=True,
    help="Role in the organisation.",
)
@click.option(
    "--organisation", default="", help="Name of the organisation; made if there is none of this name."
)
@click.option("--place", default="Hà Nội", show_default=True, help="Its place, as printed before the date.")
def create(name: str, login: str, role: str, organisation: str, place: str) -> None:
    """Create a member of staff with a role in an organisation, and print the password chosen for it."""
    password = secrets.token_urlsafe(12)
    hashed = Hasher(1).hash(password)
    now = CLOCK.now()
    with _writing() as session:
        found = _organisation(session, organisation, place)
        account = service.open_account(
            session, SYSTEM, now, kind=AccountKind.STAFF, name=name, login=login, password_hash=hashed
        )
        seat = service.Seat(organisation_id=found.id, public_id=found.public_id)
        service.install_grant(session, SYSTEM, now, account=account, role=Role(role), seat=seat)
    click.echo(f"login:    {login}\npassword: {password}")


@users.command("list")
def list_() -> None:
    """List the accounts of staff with their roles; candidates are not listed."""
    with schema.opened(core_settings.load()) as database, database.reading() as session:
        for account in session.scalars(
            select(Account).where(Account.kind == AccountKind.STAFF).order_by(Account.id)
        ):
            profile = profiles.read(session, account)
            roles = ", ".join(_roles(session, account.id)) or "no role"
            state = " (closed)" if account.disabled_at else ""
            click.echo(f"{profile.login}\t{profile.name}\t{roles}{state}")


@users.command()
@click.argument("login")
def reset(login: str) -> None:
    """Set a new password, end every session and take the second factor off; prints the password."""
    password = secrets.token_urlsafe(12)
    hashed = Hasher(1).hash(password)
    with _writing() as session:
        account = service.by_login(session, login)
        if account is None:
            raise click.ClickException(f"there is no account {login}")
        service.set_password(session, SYSTEM, CLOCK.now(), account=account, password_hash=hashed)
    click.echo(f"login:    {login}\npassword: {password}")


def _organisation(session: Session, name: str, place: str) -> Organisation:
    query = select(Organisation).order_by(Organisation.id)
    found = session.scalar(query.where(Organisation.name == name) if name else query.limit(1))
    if found is not None:
        return found
    if not name:
        raise click.ClickException("there is no organisation yet: name it with --organisation")
    return service.create_organisation(session, SYSTEM, CLOCK.now(), name=name, name_en="", place=place)


def _roles(session: Session, account_id: int) -> Iterator[str]:
    rows = session.execute(
        select(RoleGrant.role, RoleGrant.organisation_id, RoleGrant.competition_id).where(
            RoleGrant.account_id == account_id,
            RoleGrant.approved_at.is_not(None),
            RoleGrant.revoked_at.is_(None),
        )
    )
    for role, organisation_id, competition_id in rows:
        organisation = session.get_one(Organisation, organisation_id)
        yield f"{role} of {organisation.name}" + (" (one competition)" if competition_id else "")


@contextmanager
def _writing() -> Iterator[Session]:
    """Yield the writer; what the rules refuse is said in one line."""
    try:
        with schema.opened(core_settings.load()) as database, database.writing(unhurried=True) as session:
            yield session
    except LoginTaken as problem:
        raise click.ClickException("there is an account with this login already") from problem
    except DomainError as problem:
        raise click.ClickException(f"refused: {problem.code} {problem}") from problem


__all__ = ["commands", "erased", "fsck"]  # importing the last two adds their parts to fsck
commands = [users]
