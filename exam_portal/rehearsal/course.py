# SPDX-License-Identifier: Apache-2.0
"""The course of a rehearsal, from the draft to the verified bundle; each stage is told and measured."""

import dataclasses
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exam_portal.rehearsal.people import Applicant
from exam_portal.rehearsal.play import Play
from exam_portal.rehearsal.stages import applying, founding, marking, panels, preparing, publishing, sitting

EARLY_HOURS = 3
REVIEW_HOURS = 24 * 35  # fifteen working days, with the holidays that may lie in them


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a rehearsal has led to."""

    bundle: Path
    exit: int
    checks: int
    said: str
    rankings: Sequence[Mapping[str, Any]]


def follow(play: Play, posts: Sequence[founding.Post], cast: Sequence[Applicant], out: Path) -> Outcome:
    """The competition has been carried from the draft to the published result, and its bundle verified."""
    _found(play, posts)
    _admit(play, cast)
    _sit(play)
    with play.stage("mark", "marking"):
        marking.mask(play, "written")
        marking.mark(play, "written")
        publishing.unmask(play)
    with play.stage("panel", "hearing the candidates"):
        panels.hold(play)
    with play.stage("publish", "posting the marks"):
        publishing.compute(play)
        publishing.settle(play)
        publishing.post_marks(play)
    _review(play)
    return _publish(play, out)


def _found(play: Play, posts: Sequence[founding.Post]) -> None:
    with play.stage("found", "drafting the competition"):
        founding.draft(play, posts)
    with play.stage("found", "appointing people"):
        founding.appoint(play)
    with play.stage("found", "publishing the notice"):
        founding.announce(play)


def _admit(play: Play, cast: Sequence[Applicant]) -> None:
    with play.stage("register", "registering applicants"):
        applying.register(play, cast)
    with play.stage("register", "applying"):
        applying.apply(play)
        applying.withdraw(play)
    with play.stage("vet", "vetting"):
        play.shift(24 * (founding.APPLY_DAYS + 1))
        applying.vet(play)


def _sit(play: Play) -> None:
    with play.stage("prepare", "filling the bank"):
        bank = preparing.fill_bank(play)
    with play.stage("prepare", "planning the sittings"):
        sittings = preparing.plan(play)
    elapsed = 0
    for sat in sittings:
        with play.stage("prepare", f"drawing and sealing the paper: {sat.part}"):
            play.shift(sat.hours_ahead - elapsed - EARLY_HOURS)
            paper = preparing.draw(play, sat, bank)
            play.shift(EARLY_HOURS)
        with play.stage("sit", f"sitting: {sat.part}"):
            sitting.hold(play, sat, paper)
        elapsed = sat.hours_ahead


def _review(play: Play) -> None:
    with play.stage("appeal", "reviewing a mark"):
        request = publishing.appeal(play)
        publishing.admit(play, request)
        marking.mark_again(play)
        publishing.unmask(play)
        publishing.decide(play, request)
    with play.stage("appeal", "posting the marks again"):
        publishing.compute(play)
        publishing.settle(play)
        publishing.post_marks(play, reason="Kết quả phúc khảo")
        play.shift(REVIEW_HOURS)
        publishing.close_reviews(play)


def _publish(play: Play, out: Path) -> Outcome:
    with play.stage("publish", "publishing the result"):
        publishing.publish(play)
        publishing.read_public_page(play)
    with play.stage("publish", "verifying the bundle"):
        bundle = publishing.take_bundle(play, out)
        exit_, checks, said = publishing.verify(bundle, out)
    return Outcome(bundle=bundle, exit=exit_, checks=checks, said=said, rankings=rankings(bundle))


def rankings(bundle: Path) -> list[Mapping[str, Any]]:
    """Return the last ranking of each vacancy that the bundle holds."""
    with zipfile.ZipFile(bundle) as opened:
        names = [name for name in opened.namelist() if name.startswith("results/")]
        runs = [json.loads(opened.read(name)) for name in names]
    last = {run["vacancy"]: run["output"] for run in sorted(runs, key=lambda run: int(run["run"]))}
    return [last[vacancy] for vacancy in sorted(last)]
