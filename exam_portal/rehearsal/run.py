# SPDX-License-Identifier: Apache-2.0
"""A rehearsal from the draft to the verified bundle, stage by stage, each measured."""

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from exam_portal.rehearsal import course, people, report, servers
from exam_portal.rehearsal.letters import Letters
from exam_portal.rehearsal.play import Login, Play
from exam_portal.rehearsal.report import Report
from exam_portal.rehearsal.stages import founding

CONTENT = Path(__file__).resolve().parents[1] / "demo" / "content"
REAL_ITEMS = Path("../shared/data/items_vi_public_service.json")
ORGANISATION = "Ủy ban nhân dân tỉnh Thanh Giang"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Portal:
    """A running portal, with the two people who are there first, and where its letters can be read."""

    base_url: str
    administrator: Login
    organiser: Login
    mail: Path
    place: servers.Installation | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is rehearsed."""

    candidates: int
    vacancies: int
    seed: int
    database: str
    items: Path | None
    out: Path
    portal: Portal | None


def run(wanted: Wanted, *, say: Callable[[str], None]) -> Report:
    """Return the report of a rehearsal; a stage that fails ends it, and the report says which and why."""
    with ExitStack() as stack:
        portal = wanted.portal or own_portal(stack, wanted.database, say)
        play = open_play(portal, wanted.seed, items_file(wanted.items), say)
        stack.callback(play.close)
        return _carry_out(play, portal, wanted)


def items_file(given: Path | None) -> Path:
    """Return the file of items: the one given, the real one where it is present, else the demonstration's."""
    if given is not None:
        return given
    return REAL_ITEMS if REAL_ITEMS.is_file() else CONTENT / "items.json"


def own_portal(
    stack: ExitStack, database: str, say: Callable[[str], None], settings: Mapping[str, str] | None = None
) -> Portal:
    """Return a portal that is served until the stack is left, with its first administrator and organiser."""
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="exam-portal-rehearsal-")))
    place = stack.enter_context(servers.installation(directory, database, settings or {}))
    say(f"preparing an installation on {database}")
    place.command("db", "upgrade")
    administrator = _created(place, "quan-tri", "administrator")
    organiser = _created(place, "to-chuc", "organiser")
    stack.enter_context(servers.serving(place))
    say(f"serving on {place.base_url}")
    return Portal(
        base_url=place.base_url,
        administrator=administrator,
        organiser=organiser,
        mail=place.mail,
        place=place,
    )


def _created(place: servers.Installation, login: str, role: str) -> Login:
    words = ("--name", "Người tổ chức diễn tập", "--login", login, "--role", role)
    printed = place.command("users", "create", *words, "--organisation", ORGANISATION)
    found = dict(line.split(":", 1) for line in printed.splitlines() if ":" in line)
    return Login(login=found["login"].strip(), password=found["password"].strip())


def open_play(portal: Portal, seed: int, items: Path, say: Callable[[str], None]) -> Play:
    """Return a rehearsal at its beginning: the administrator and the organiser have signed in."""
    essays = CONTENT / "essays.json"
    play = Play(
        base_url=portal.base_url,
        letters=Letters(portal.mail),
        seed=seed,
        items=(items.name, items.read_bytes()),
        essays=(essays.name, essays.read_bytes()),
        say=say,
    )
    for key, login in (("administrator", portal.administrator), ("organiser", portal.organiser)):
        play.logins[key] = login
        play.staff[key] = play.sign_in(login)
    return play


def _carry_out(play: Play, portal: Portal, wanted: Wanted) -> Report:
    failure, outcome = "", None
    cast = people.applicants(wanted.seed, wanted.candidates, wanted.vacancies)
    try:
        outcome = course.follow(play, founding.posts(wanted.vacancies), cast, wanted.out)
        if portal.place is not None:
            portal.place.command("fsck")
    except Exception as problem:  # noqa: BLE001 - whatever stops a rehearsal is its result, with its reason
        failure = f"{play.doing}: {type(problem).__name__}: {problem}"
    if portal.place is not None:
        shutil.copy(portal.place.directory / "server.log", wanted.out / "server.log")
    found = report.of(play, outcome)
    if failure:
        found.reasons.append(failure)
    return found
