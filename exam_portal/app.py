# SPDX-License-Identifier: Apache-2.0
"""The application: every slice, every control and every hook put together in one readable place."""

import functools
import importlib
import importlib.util
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, request
from sqlalchemy import orm, select
from werkzeug.middleware.proxy_fix import ProxyFix

from exam_portal.accounts import actors, holdings, sessions
from exam_portal.audit import jobs as sequencer
from exam_portal.audit import queries as record
from exam_portal.competitions import rehearsals
from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.core import clock, confined_role, outbox, program, telemetry
from exam_portal.core.clock import TOLERATED, Clock, SteadyClock
from exam_portal.core.confinement import door
from exam_portal.core.database import Database
from exam_portal.core.db import Session
from exam_portal.core.settings import Settings
from exam_portal.core.slow_bodies import SlowBodies
from exam_portal.papers import drawn as drawn_papers
from exam_portal.registration import holdings as applications
from exam_portal.sittings import paper_times
from exam_portal.sittings.hall import place
from exam_portal.sittings.hall_networks import HallNetworks
from exam_portal.web import (
    compression,
    context,
    converters,
    crowding,
    csp,
    csrf,
    database,
    errors,
    filters,
    hall,
    headers,
    health,
    hooks,
    i18n,
    limits,
    messages,
    policy,
    printing,
    session,
    styleguide,
    templating,
    tracing,
)

SLICES = (
    "audit",
    "accounts",
    "competitions",
    "registration",
    "items",
    "papers",
    "sittings",
    "marking",
    "interviews",
    "results",
    "appeals",
    "admin",
)

OUTBOX_ALARM_SECONDS = 300


def create_app(settings: Settings, db: Database | None = None, *, clock: Clock = clock.SYSTEM) -> Flask:
    """Return the portal as it is served, on this database (or the one that the settings name)."""
    opened = db or Database(settings)
    app = Flask("exam_portal", template_folder=None)
    _configure(app, settings, opened)
    _add_controls(app, settings, opened, clock)
    _stand_before(app, settings)
    _fill_hooks(app, settings, clock, opened)
    for name in SLICES:
        _add_slice(app, name)
    app.register_blueprint(health.bp)
    if settings.instance.demonstration:
        app.register_blueprint(styleguide.bp)
    policy.verify(app)
    orm.configure_mappers()  # now, not while the first visitor holds the writer
    program.facts()  # likewise: it reads every file of the program
    return app


def _configure(app: Flask, settings: Settings, opened: Database) -> None:
    app.config.update(
        SECRET_KEY=opened.keys.secret("web/cookies"),
        TRUSTED_HOSTS=_hosts(settings),
        MAX_CONTENT_LENGTH=settings.limits.request_bytes,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=settings.limits.form_fields,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        SIGN_IN_PATH="/sign-in",
    )


def _stand_before(app: Flask, settings: Settings) -> None:
    """Put what no crowd and no slow sender passes before the application; saves have a way before both."""
    crowding.init_app(app, settings)
    if settings.server.proxies:
        count = settings.server.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    else:
        most = settings.server.threads * 3 // 4
        app.wsgi_app = SlowBodies(app.wsgi_app, most)  # type: ignore[method-assign, assignment]


def _hosts(settings: Settings) -> list[str]:
    own = urlsplit(settings.server.base_url).hostname or "localhost"
    named = list(settings.server.trusted_hosts) or [own]
    return [*named, "127.0.0.1", "localhost", "[::1]"]


def _add_controls(app: Flask, settings: Settings, opened: Database, clock: Clock) -> None:
    """Add what surrounds every request; before-hooks run in this order, after-hooks in the reverse one."""
    app.extensions[hooks.EXTENSION] = hooks.Hooks()
    converters.init_app(app)
    tracing.init_app(app)
    context.init_app(app, settings, clock)
    database.init_app(app, opened)
    compression.init_app(app)
    headers.init_app(app, settings)
    csp.init_app(app)
    messages.init_app(app)
    templating.init_app(app, SLICES)
    i18n.init_app(app, settings)
    session.init_app(app, settings)
    limits.init_app(app, settings)
    printing.init_app(app, settings)
    csrf.init_app(app)
    hall.init_app(app)
    policy.init_app(app)
    errors.init_app(app)


def _add_slice(app: Flask, name: str) -> None:
    """The slice's permissions, words and pages join the application; one that fails to load stops it."""
    access = importlib.import_module(f"exam_portal.{name}.access")
    app.extensions["policy"].declare(access.PERMISSIONS)
    if importlib.util.find_spec(f"exam_portal.{name}.messages"):  # admin needs no words of its own
        messages.declare(app, importlib.import_module(f"exam_portal.{name}.messages"))
    app.register_blueprint(importlib.import_module(f"exam_portal.{name}.routes").bp)


def _fill_hooks(app: Flask, settings: Settings, clock: Clock, opened: Database) -> None:
    """Give the lower layers what only the higher ones know."""
    filled: hooks.Hooks = app.extensions[hooks.EXTENSION]
    filled.sessions = sessions
    filled.load_actor = functools.partial(
        actors.actor_of, second_factor_required=settings.accounts.second_factor == "required_for_staff"
    )
    filled.readiness += [
        hooks.Check(name="sequencer", ask=sequencer.ask_readiness(settings.audit.unsequenced_alarm_seconds)),
        hooks.Check(name="outbox", ask=functools.partial(_ask_outbox, settings.jobs.max_attempts)),
        hooks.Check(name="marking role", ask=functools.partial(_ask_role, settings.database.marking_role)),
        hooks.Check(name="clock", ask=functools.partial(_ask_clock, clock)),
    ]
    filled.clock_offset = functools.partial(rehearsals.clock_offset, settings)
    if settings.rehearsal.enabled:
        filled.rate_key = _rate_key
    filled.competition = _place
    filled.hall = place.held_here
    filled.is_hall = HallNetworks(opened, clock)
    paper_times.fill_hooks()
    drawn_papers.fill_hooks()
    holdings.fill(applications)


def _ask_outbox(max_attempts: int, session_: Session, now: datetime) -> str:
    found = outbox.health(session_, now, max_attempts=max_attempts)
    telemetry.OUTBOX_WAITING.set(found.waiting)
    telemetry.OUTBOX_POISONED.set(len(found.poisoned))
    is_late = found.oldest_seconds > OUTBOX_ALARM_SECONDS
    return "late" if is_late else "given up" if found.poisoned else ""


def _ask_role(role: str, session_: Session, _now: datetime) -> str:
    """The pages of marking have their role, and it reaches what it should and nothing else."""
    return confined_role.problem(session_.connection(), role)


def _ask_clock(clock: Clock, session_: Session, now: datetime) -> str:
    """The clock was turned while the portal runs, or is behind what has been signed already.

    What a rehearsal signs has a time of its own, which runs ahead.
    """
    if isinstance(clock, SteadyClock) and clock.step:
        return "turned"
    ahead = session_.scalars(
        select(Competition.id).where(Competition.kind == CompetitionKind.REHEARSAL.value)
    )
    last = record.last_head(session_, besides=ahead.all())
    return "behind" if last is not None and last - now > TOLERATED else ""


@door
def _place(session_: Session, public_id: str) -> hooks.Place | None:
    found = session_.scalar(select(Competition).where(Competition.public_id == public_id))
    if found is None:
        return None
    return hooks.Place(
        organisation_id=found.organisation_id,
        competition_id=found.id,
        public_id=found.public_id,
        title=filters.localised({"vi": found.title, "en": found.title_en}),
        code=found.code,
    )


def _rate_key() -> str | None:
    """Return the rehearsal on whose budget this request draws, if it carries that rehearsal's token."""
    token = request.headers.get(rehearsals.HEADER)
    return rehearsals.named_by(database.database().keys, token) if token else None
