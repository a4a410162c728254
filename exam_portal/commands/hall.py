# SPDX-License-Identifier: Apache-2.0
"""`exam-portal hall`: a sitting goes to a closed network and comes back (docs/hall.md)."""

import inspect
import ipaddress
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from exam_portal.app import create_app
from exam_portal.competitions import rehearsals
from exam_portal.competitions.models import Competition
from exam_portal.core import schema, tls
from exam_portal.core import settings as portal_settings
from exam_portal.core.actors import SYSTEM
from exam_portal.core.clock import SYSTEM as CLOCK
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.errors import DomainError, Unusable
from exam_portal.core.files import write_new
from exam_portal.core.instance import prepare
from exam_portal.core.keystore import Keystore
from exam_portal.core.parcels import Address, ParcelRefused, Parcels
from exam_portal.core.settings import Settings
from exam_portal.core.signing import Signer
from exam_portal.sittings import hall_documents, service
from exam_portal.sittings.hall import checking, closing, coming_back, crew, merging, opening, packing
from exam_portal.sittings.models import Hall, HallSide, Sitting

TLS = "tls"
AUTHORITY = "authority.crt"
CONFIG = "hall.toml"


@click.group()
def hall() -> None:
    """A sitting on a closed network: pack it, hold it, take it back."""


@hall.command()
def key() -> None:
    """Print this installation's address in one line; the other installation packs for it and trusts it."""
    settings = portal_settings.load()
    prepare(settings)
    click.echo(Parcels.of(Keystore.of(settings), Signer.of(settings)).address.line)


@hall.command()
@click.argument("sitting_id", metavar="SITTING")
@click.option("--to", "receiver", required=True, help="Address of the laptop, or a file with it.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The package to write.")
@click.option(
    "--slips",
    type=click.Path(path_type=Path),
    required=True,
    help="PDF with everybody's slip; not to the laptop.",
)
def pack(sitting_id: str, receiver: str, out: Path, slips: Path) -> None:
    """Pack SITTING (its address id) for one laptop; from then on it is held there and not here."""
    with _opened() as database:
        to = _address(receiver)
        with database.writing(unhurried=True) as session:
            sitting = _sitting(session, sitting_id)
            service.prepare(session, SYSTEM, _now(session, database.settings, sitting), sitting=sitting)
        with database.reading() as session:
            travelling = crew.crew_of(session, sitting)
            printed = _slips(database, session, sitting, travelling.slips)
            packed = packing.prepare(session, sitting=sitting, to=to, crew=travelling)
        with database.writing(unhurried=True) as session:
            sitting = _sitting(session, sitting_id)
            now = _now(session, database.settings, sitting)
            packing.pack(session, SYSTEM, now, sitting=sitting, to=to, crew=travelling, packed=packed)
            write_new(slips, printed)
            write_new(out, packed.file)
    click.echo(f"{out}: for {to.name}, {packed.attempts} candidates")
    click.echo(f"{slips}: {len(travelling.slips)} slips, to be handed out on paper, each to its person")


@hall.command("open")
@click.argument("package", type=click.Path(path_type=Path, exists=True))
@click.option("--from", "sender", required=True, help="Address of home, or a file with it.")
def open_(package: Path, sender: str) -> None:
    """Take PACKAGE into this fresh installation, which holds its sitting from then on, and nothing else."""
    settings = portal_settings.load()
    if not settings.is_embedded:
        raise Unusable("a hall keeps its data in a file of its own: leave database.url empty")
    if Database(settings).revision() is None:
        schema.upgrade(settings)
    with _opened() as database:
        home = _address(sender)
        parcel = opening.read(Parcels.of(database.keys, database.signer), package.read_bytes(), home)
        with database.writing(unhurried=True) as session:
            held = opening.install(session, CLOCK.now(), parcel=parcel, home=home)
            sitting = session.get_one(Sitting, held.sitting_id)
            click.echo(f"{sitting.public_id}: {held.attempts} candidates, from {home.name}")


@hall.command()
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The package to write.")
def close(out: Path) -> None:
    """Write the results of this hall for home; nothing more is written here afterwards."""
    with _opened() as database, database.writing(unhurried=True) as session:
        held = closing.here(session)
        now = _now(session, database.settings, session.get_one(Sitting, held.sitting_id))
        write_new(out, closing.close(session, SYSTEM, now, hall=held))
    click.echo(f"{out}: for {held.name}")


@hall.command()
@click.argument("package", type=click.Path(path_type=Path, exists=True))
def merge(package: Path) -> None:
    """Take the results in PACKAGE back, all of them or nothing."""
    with _opened() as database:
        with database.reading() as session:
            returned = coming_back.read(session, package.read_bytes())
            checked = checking.check(session, returned)
        with database.writing(unhurried=True) as session:
            sitting = session.get_one(Sitting, session.get_one(Hall, returned.hall_id).sitting_id)
            now = _now(session, database.settings, sitting)
            merging.merge(session, SYSTEM, now, checked=checked)
    log, count = returned.results["log"], len(returned.attempts)
    click.echo(f"{sitting.public_id}: {count} attempts, {log['size']} leaves, root {log['root'][:16]}")


@hall.command()
@click.argument("sitting_id", metavar="SITTING")
@click.option("--reason", required=True, help="Why what that laptop holds is not waited for.")
def withdraw(sitting_id: str, reason: str) -> None:
    """Take SITTING back without its results; that laptop's package is not taken any more."""
    with _opened() as database, database.writing(unhurried=True) as session:
        sitting = _sitting(session, sitting_id)
        live = Hall.sitting_id == sitting.id, Hall.side == HallSide.HOME.value, Hall.withdrawn_at.is_(None)
        found = session.scalar(select(Hall).where(*live))
        if found is None:
            raise Unusable("the sitting is in no hall")
        now = _now(session, database.settings, sitting)
        packing.withdraw(session, SYSTEM, now, hall=found, reason=reason)


@hall.command("tls")
@click.option(
    "--address", "addresses", multiple=True, required=True, help="Address of this laptop in the hall."
)
@click.option("--name", "names", multiple=True, help="Host name, where the hall has one.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8443, show_default=True, help="Port to serve on."
)
@click.option(
    "--days", type=click.IntRange(1, 30), default=3, show_default=True, help="How long it is good for."
)
def tls_(addresses: tuple[str, ...], names: tuple[str, ...], port: int, days: int) -> None:
    """Make certificate, settings and instructions for serving this hall over TLS."""
    settings = portal_settings.load()
    try:
        hosts = [ipaddress.ip_address(address) for address in addresses]
    except ValueError as problem:
        raise Unusable(f"{problem}: write the address as 192.168.1.10") from problem
    with _opened() as database:
        with database.reading() as session:
            held = closing.here(session)
            sitting = session.get_one(Sitting, held.sitting_id)
            code = session.get_one(Competition, sitting.competition_id).code
        kit = tls.make_kit(hosts, names, title=f"exam-portal {code}", now=CLOCK.now(), days=days)
        base = f"https://{names[0] if names else _host(hosts[0])}:{port}"
        _write_kit(settings, kit, hosts, names, base, port)
        with database.reading() as session:
            _instructions(database, session, settings, kit, base)
    click.echo(f"{base}, until {kit.expires_at:%Y-%m-%d %H:%M} UTC")
    click.echo(f"authority: {tls.spoken(kit.fingerprint)}")
    click.echo(f"serve with: exam-portal --config {settings.instance.directory / CONFIG} serve")


def _write_kit(
    settings: Settings,
    kit: tls.Kit,
    hosts: list[tls.Address],
    names: tuple[str, ...],
    base: str,
    port: int,
) -> None:
    """Certificate and key lie in the instance; an earlier kit is replaced."""
    directory = settings.instance.directory.resolve()
    chain, private = directory / TLS / "server.crt", directory / TLS / "server.key"
    server = {
        "host": "0.0.0.0" if hosts[0].version == 4 else "::",  # noqa: S104 - a closed network, on purpose
        "port": port,
        "base_url": base,
        "trusted_hosts": [*map(_host, hosts), *names],
        "tls_certificate": str(chain),
        "tls_key": str(private),
    }
    lines = ["[instance]", f"directory = {json.dumps(str(directory))}", "", "[server]"]
    lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in server.items()]
    if settings.rehearsal.enabled:
        lines += ["", "[rehearsal]", "enabled = true"]
    for path, content in (
        (directory / TLS / AUTHORITY, kit.authority),
        (chain, kit.chain),
        (private, kit.key),
        (directory / CONFIG, "\n".join([*lines, ""]).encode()),
    ):
        path.unlink(missing_ok=True)
        write_new(path, content)


def _instructions(database: Database, session: Session, settings: Settings, kit: tls.Kit, base: str) -> None:
    app = create_app(settings, database)
    sitting = session.get_one(Sitting, closing.here(session).sitting_id)
    for language in ("vi", "en"):
        with app.test_request_context(base_url=base):
            content = hall_documents.trust_instructions(
                session, sitting, CLOCK.now(), kit, base, language=language
            )
        path = settings.instance.directory / TLS / f"instructions.{language}.pdf"
        path.unlink(missing_ok=True)
        write_new(path, content)
        click.echo(f"{path}")


def _slips(database: Database, session: Session, sitting: Sitting, people: Sequence[crew.Slip]) -> bytes:
    app = create_app(database.settings, database)
    with app.test_request_context(base_url=database.settings.server.base_url):
        return hall_documents.slips(session, sitting, CLOCK.now(), people)


def _host(address: tls.Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)


def _address(given: str) -> Address:
    """Return the address that was typed, or that stands in the file of this name."""
    line = given if " " in given.strip() else Path(given).read_text(encoding="ascii")
    try:
        return Address.parse(line.strip())
    except ParcelRefused as problem:
        raise Unusable("this is no address of an installation: exam-portal hall key prints one") from problem


def _sitting(session: Session, public_id: str) -> Sitting:
    found = session.scalar(select(Sitting).where(Sitting.public_id == public_id))
    if found is None:
        raise Unusable(f"there is no sitting {public_id}: its id stands in the address of its page")
    return found


def _now(session: Session, settings: Settings, sitting: Sitting) -> datetime:
    """Return the instant on the sitting's own clock (a rehearsal's runs ahead)."""
    competition = session.get_one(Competition, sitting.competition_id)
    return CLOCK.now() + rehearsals.clock_offset(settings, competition)


@contextmanager
def _opened() -> Iterator[Database]:
    """Yield the database; what the rules refuse is said in one sentence."""
    try:
        with schema.opened(portal_settings.load()) as database:
            yield database
    except DomainError as problem:
        why = (inspect.getdoc(type(problem)) or "").splitlines()[0]
        detail = f"{problem}" if str(problem) else ""
        raise Unusable(f"{why} ({problem.code}{': ' + detail if detail else ''})") from problem
