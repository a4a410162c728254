# SPDX-License-Identifier: Apache-2.0
"""The bundle of a competition (docs/bundle.md): the record up to its last checkpoint, runs and publications.

What stands behind the last checkpoint belongs to the next bundle; ``seal`` signs one over everything first.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from exam_portal.audit import checkpoints, tree
from exam_portal.audit import queries as record
from exam_portal.audit.models import Checkpoint, Leaf, Log
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.papers import revealing
from exam_portal.results import errors
from exam_portal.results.models import Publication, Run
from scoring.verify import container
from scoring.verify.bundle import BundleContents, BundleOpening, BundleRun, files_of

OPENED = frozenset({"genesis", "config", "code", "result", "publish"})
OF_PAPERS = frozenset({"paper-commit", "key-commit", "key-reveal"})  # once a paper was revealed
SPECIFICATION = Path(__file__).with_name("specification.txt")  # the same words as docs/bundle.md


def packed(session: Session, competition: Competition) -> bytes:
    """Return the bundle as of the last checkpoint; NothingRecorded when nothing has been signed yet."""
    return container.pack(files_of(contents(session, competition)))


def seal(session: Session, now: datetime, competition: Competition) -> None:
    """Every leaf has its place, and the last checkpoint counts them all."""
    log = _log(session, competition)
    while tree.sequence(session, log.id):
        pass
    checkpoints.issue(session, log, now)


def contents(session: Session, competition: Competition) -> BundleContents:
    """Return what goes into the bundle, as plain values."""
    log = _log(session, competition)
    signed = record.checkpoints_of(session, log.id)
    if not signed:
        raise errors.NothingRecorded
    leaves = list(_leaves(session, log, signed[-1].size))
    papers = _papers(session, competition, leaves)
    shown = {paper["paper"] for paper in papers}
    return BundleContents(
        competition=competition.code,
        log=log.origin.rpartition("/")[2],
        origin=log.origin,
        verifier_key=session.signer.verifier_key,
        leaves=[tree.leaf_data(leaf, place) for place, leaf in enumerate(leaves)],
        checkpoints=[one.note for one in signed],
        openings=[
            _opening(place, leaf)
            for place, leaf in enumerate(leaves)
            if leaf.type in OPENED or (leaf.type in OF_PAPERS and leaf.subject in shown)
        ],
        rulesets=[competition.ruleset],
        runs=_runs(session, competition, leaves),
        publications=_publications(session, competition, leaves),
        specification=SPECIFICATION.read_text(encoding="utf-8"),
        papers=papers,
    )


def digest(bundle: bytes) -> str:
    """Return the SHA-256 under which a bundle is handed over."""
    return hashlib.sha256(bundle).hexdigest()


def last_checkpoint(session: Session, competition: Competition) -> Checkpoint | None:
    """Return the checkpoint up to which a bundle would reach now."""
    log = record.log_of_competition(session, competition.id)
    return checkpoints.latest(session, log.id) if log is not None else None


def _log(session: Session, competition: Competition) -> Log:
    log = record.log_of_competition(session, competition.id)
    if log is None:
        raise errors.NothingRecorded
    return log


def _leaves(session: Session, log: Log, size: int) -> Iterator[Leaf]:
    start = 0
    while start < size:
        page = record.sequenced(session, log.id, start=start, limit=1_000)
        yield from page[: size - start]
        start += len(page)


def _opening(place: int, leaf: Leaf) -> BundleOpening:
    return BundleOpening(seq=place, salt=leaf.salt, content=leaf.content)


def _runs(session: Session, competition: Competition, leaves: Sequence[Leaf]) -> list[BundleRun]:
    """Return the runs whose leaves are in the bundle."""
    logged = {leaf.subject for leaf in leaves if leaf.type == "result"}
    codes = {vacancy.id: vacancy.code for vacancy in competition.vacancies}
    rows = session.scalars(select(Run).where(Run.competition_id == competition.id).order_by(Run.id))
    return [
        BundleRun(vacancy=codes[run.vacancy_id], run=str(run.number), input=run.input, output=run.output)
        for run in rows
        if run.public_id in logged
    ]


def _papers(session: Session, competition: Competition, leaves: Sequence[Leaf]) -> list[Mapping[str, object]]:
    """Return the papers whose revealing is in the bundle: seeds of orders, commitments and ids."""
    logged = {leaf.subject for leaf in leaves if leaf.type == "key-reveal"}
    found = revealing.revealed_papers(session, competition.id)
    return [told for paper, told in found if paper.public_id in logged]


def _publications(
    session: Session, competition: Competition, leaves: Sequence[Leaf]
) -> list[dict[str, object]]:
    logged = {leaf.content.get("number") for leaf in leaves if leaf.type == "publish"}
    rows = session.scalars(
        select(Publication)
        .where(Publication.competition_id == competition.id, Publication.published_at.is_not(None))
        .order_by(Publication.number)
    )
    return [row.content for row in rows if row.number in logged]
