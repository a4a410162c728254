# SPDX-License-Identifier: Apache-2.0
"""The masking board: what it has received, scans it adds, masks of each part, the label sheet."""

from collections.abc import Mapping, Sequence

import flask
from flask_babel import gettext
from werkzeug.wrappers import Response

from exam_portal.accounts import queries as accounts
from exam_portal.audit import papers as scans
from exam_portal.competitions import queries as competitions
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.core.errors import NotFound
from exam_portal.sittings import access, errors, forms, queries, service
from exam_portal.sittings import masking as masks
from exam_portal.sittings.models import ScriptHandover
from exam_portal.sittings.routes import bp
from exam_portal.sittings.routes.frame import PLACE, form_page, page, refuse, to
from exam_portal.sittings.service import collecting
from exam_portal.web import context, database, policy


@bp.get(f"{PLACE}/masking")
@policy.requires("sittings.mask")
def masking(competition_id: str) -> str | Response:
    """Show what has been received, scanned and masked."""
    session = database.reader()
    competition = _load(session, competition_id)
    entries, receipts = (
        queries.sittings(session, competition.id),
        queries.handovers(session, competition.id),
    )
    declared = queries.declared(session, competition.id)
    people = {one.handed_by for one in receipts.values()} | {one.by for one in declared.values()}
    return page(
        "masking",
        competition,
        entries=entries,
        receipts=receipts,
        declared=declared,
        people=accounts.names_of(session, people | {one.received_by for one in receipts.values()}),
        parts=[part for part in competitions.ruleset(competition).parts if part.marking is not None],
        standings=queries.part_standings(session, competition.id),
        ready=_ready(entries, receipts),
    )


@bp.route(f"{PLACE}/scans", methods=["GET", "POST"])
@policy.requires("sittings.mask")
def scan(competition_id: str) -> str | Response:
    """Add the scanned pages of a script by its sheet code."""
    form = forms.ScanForm()
    if form.validate_on_submit():
        try:
            _scan(competition_id, form)
        except errors.NoSuchSheet as problem:
            refuse(form, problem, field="sheet_code")
        except (scans.UnreadableScan, errors.ScannedAlready, errors.TooManyPages) as problem:
            refuse(form, problem, field="scan")
        else:
            flask.flash(gettext("The pages lie with the script."), "done")
            return to("scan", competition_id=competition_id)
    session = database.reader()
    competition = _load(session, competition_id)
    standings = queries.part_standings(session, competition.id)
    return form_page("scan", competition, form=form, standings=standings)


@bp.route(f"{PLACE}/masking/<string(maxlength=64):part>", methods=["GET", "POST"])
@policy.requires("sittings.mask")
def mask(competition_id: str, part: str) -> str | Response:
    """Give every script of the part a code, and put them into bags."""
    form = forms.MaskForm()
    if form.validate_on_submit():
        with database.writer() as session:
            competition = _load(session, competition_id)
            now, size = context.now(competition), form.bag_size.data or 0
            masks.mask_scripts(
                session, context.actor(), now, competition=competition, part=part, bag_size=size
            )
        flask.flash(gettext("The scripts are masked. Print the label sheet and stick on the codes."), "done")
        return to("masking", competition_id=competition_id)
    session = database.reader()
    competition = _load(session, competition_id)
    if part not in {one.key for one in competitions.ruleset(competition).parts}:
        raise NotFound
    standing = queries.part_standings(session, competition.id).get(part)
    return form_page("mask", competition, form=form, part=part, standing=standing)


def _load(session: Session, competition_id: str) -> Competition:
    return access.load_competition(session, context.actor(), competition_id, "sittings.mask")


def _ready(entries: Sequence[queries.SittingEntry], receipts: Mapping[int, ScriptHandover]) -> set[str]:
    """Return the parts of which every sitting is over, and on paper received."""
    counted = {"ended", "cancelled"}
    waiting = {
        one.sitting.part
        for one in entries
        if one.state not in counted
        or (one.sitting.mode == "paper" and one.state == "ended" and one.sitting.id not in receipts)
    }
    return {one.sitting.part for one in entries} - waiting


def _scan(competition_id: str, form: forms.ScanForm) -> None:
    """The file is sealed on disk before the writer is taken, under the key of whose script it is.

    What the scanner wrote beside the pages (names, places, file names) would go with them to the marker.
    """
    assert form.scan.data is not None
    code, brought = form.sheet_code.data or "", form.scan.data.read()
    examined = scans.examine(brought)
    content = scans.without_traces(brought, examined)
    session = database.reader()
    competition = _load(session, competition_id)
    key_id = collecting.key_of_script(session, collecting.script_by_sheet(session, competition.id, code))
    prepared = database.files().prepare(content, media_type=examined.media_type, key_id=key_id)
    with database.writer() as writing:
        competition = _load(writing, competition_id)
        service.add_scan(
            writing,
            context.actor(),
            context.now(competition),
            competition_id=competition.id,
            sheet_code=code,
            scan=prepared,
            pages=examined.pages,
        )
