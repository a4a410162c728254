# SPDX-License-Identifier: Apache-2.0
"""A rehearsal from the draft to the verified bundle, stage by stage, each measured."""

import dataclasses
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from exam_portal.rehearsal import people, report, servers
from exam_portal.rehearsal.letters import Letters
from exam_portal.rehearsal.people import Applicant
from exam_portal.rehearsal.play import Play
from exam_portal.rehearsal.report import Report
from exam_portal.rehearsal.stages import applying, founding, marking, preparing, sitting

CONTENT = Path(__file__).resolve().parents[1] / "demo" / "content"
REAL_ITEMS = Path("../shared/data/items_vi_public_service.json")
EARLY_HOURS = 3
ORGANISATION = "Ủy ban nhân dân tỉnh Thanh Giang"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How somebody who exists already signs in."""

    login: str
    password: str


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
        portal = wanted.portal or _own_portal(stack, wanted, say)
        play = _play(portal, wanted, say)
        stack.callback(play.close)
        return _carry_out(play, portal, wanted)


def items_file(given: Path | None) -> Path:
    """Return the file of items: the one given, the real one where it is present, else the demonstration's."""
    if given is not None:
        return given
    return REAL_ITEMS if REAL_ITEMS.is_file() else CONTENT / "items.json"


def _own_portal(stack: ExitStack, wanted: Wanted, say: Callable[[str], None]) -> Portal:
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="exam-portal-rehearsal-")))
    place = stack.enter_context(servers.installation(directory, wanted.database))
    say(f"preparing an installation on {wanted.database}")
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


def _play(portal: Portal, wanted: Wanted, say: Callable[[str], None]) -> Play:
    items = items_file(wanted.items)
    essays = CONTENT / "essays.json"
    play = Play(
        base_url=portal.base_url,
        letters=Letters(portal.mail),
        seed=wanted.seed,
        items=(items.name, items.read_bytes()),
        essays=(essays.name, essays.read_bytes()),
        say=say,
    )
    for key, login in (("administrator", portal.administrator), ("organiser", portal.organiser)):
        play.staff[key] = play.sign_in(login.login, login.password)
    return play


def _carry_out(play: Play, portal: Portal, wanted: Wanted) -> Report:
    failure = ""
    try:
        for name, act in _stages(play, wanted):
            play.say(name)
            act()
    except Exception as problem:  # noqa: BLE001 - whatever stops a rehearsal is its result, with its reason
        failure = f"{type(problem).__name__}: {problem}"
    found = report.of(play)
    if portal.place is not None:
        shutil.copy(portal.place.directory / "server.log", wanted.out / "server.log")
    if failure:
        found.reasons.append(failure)
    return found


def _stages(play: Play, wanted: Wanted) -> Iterator[tuple[str, Callable[[], None]]]:
    measured = play.measures.stage
    with measured("found"):
        yield "drafting the competition", lambda: founding.draft(play, founding.posts(wanted.vacancies))
        yield "appointing people", lambda: founding.appoint(play)
        yield "publishing the notice", lambda: founding.announce(play)
    with measured("register"):
        yield "registering applicants", lambda: applying.register(play, _cast(wanted))
        yield "applying", lambda: applying.apply(play)
        yield "withdrawing", lambda: applying.withdraw(play)
    with measured("vet"):
        yield "closing the register", lambda: play.shift(24 * (founding.APPLY_DAYS + 1))
        yield "vetting", lambda: applying.vet(play)
    yield from _sittings(play)


def _cast(wanted: Wanted) -> list[Applicant]:
    return people.applicants(wanted.seed, wanted.candidates, wanted.vacancies)


def _sittings(play: Play) -> Iterator[tuple[str, Callable[[], None]]]:
    kept: dict[str, Any] = {}
    measured = play.measures.stage
    with measured("prepare"):
        yield "filling the bank", functools.partial(_fill, play, kept)
        yield "planning the sittings", functools.partial(_plan, play, kept)
    elapsed = 0
    for sat in kept["sittings"]:
        with measured("prepare"):
            yield (
                f"drawing the paper: {sat.part}",
                lambda sat=sat, elapsed=elapsed: _draw(play, sat, kept, elapsed),
            )
        with measured("sit"):
            yield f"sitting: {sat.part}", functools.partial(_hold, play, sat, kept)
        elapsed = sat.hours_ahead
    with measured("mark"):
        yield "masking", lambda: marking.mask(play, "written")
        yield "marking", lambda: marking.mark(play, "written")


def _fill(play: Play, kept: dict[str, Any]) -> None:
    kept["bank"] = preparing.fill_bank(play)


def _plan(play: Play, kept: dict[str, Any]) -> None:
    kept["sittings"] = preparing.plan(play)


def _hold(play: Play, sat: preparing.Sat, kept: dict[str, Any]) -> None:
    sitting.hold(play, sat, kept["paper"])


def _draw(play: Play, sat: preparing.Sat, kept: dict[str, Any], elapsed: int) -> None:
    """The paper is drawn and sealed three hours before the start; then the clock stands at the start."""
    play.shift(sat.hours_ahead - elapsed - EARLY_HOURS)
    kept["paper"] = preparing.draw(play, sat, kept["bank"])
    play.shift(EARLY_HOURS)
