# SPDX-License-Identifier: Apache-2.0
"""Masks are lifted, rankings computed, marks posted; then the steps to the result, and the bundle."""

import json
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

from exam_portal.rehearsal import scans
from exam_portal.rehearsal.browser import Page, Refused, options_of
from exam_portal.rehearsal.play import Contender, Play, last_segment
from exam_portal.rehearsal.stages.founding import AUTHORITY, CHAIR

MOST_SECONDS = 180  # checkpoints are signed every `audit.checkpoint_seconds`, 60 unless set
NUMBERS = {"opinion": "TB-TU", "recognition": "QĐ-UBND"}


def unmask(play: Play) -> None:
    """The masks of everything that is locked are lifted, before a witness."""
    keeper = play.staff["lam-phach-1"]
    for link in keeper.open(f"{play.place}/results/masks").links("/unmask"):
        page = keeper.open(link)
        witness = next(iter(options_of(page, "witness")))
        paper = scans.signed_paper(play.number("BB-BP"), play.names["lam-phach-1"], play.now())
        keeper.submit(page.form(having="witness"), witness=witness, **paper)


def appeal(play: Play) -> str:
    """A candidate asks for a review of the own written mark; return the request."""
    one = next(one for one in play.candidates() if _result_of(one) is not None)
    page = one.browser.open(f"{_result_of(one)}/review/written")
    words = "Đề nghị chấm lại ý thứ hai của bài làm."
    reason = next(iter(options_of(page, "reason")))
    return last_segment(one.browser.submit(page.form(having="words"), reason=reason, words=words).url)


def admit(play: Play, request: str) -> None:
    """The request is admitted, and the script lies masked anew before the review board."""
    address = f"{play.place}/appeals/{request}"
    play.staff["thu-ky-1"].act(address, "/admit")
    play.staff["lam-phach-1"].act(f"{play.place}/appeals", f"{request}/mask")


def decide(play: Play, request: str) -> None:
    """The review is decided on its signed minute."""
    paper = scans.signed_paper(play.number("BB-PK"), play.names["phuc-khao-1"], play.now())
    address = f"{play.place}/appeals/{request}/decision"
    play.staff["thu-ky-1"].act(address, having="paper_number", **paper)


def close_reviews(play: Play) -> None:
    """Nobody can ask for a review any more."""
    play.staff["thu-ky-1"].act(f"{play.place}/appeals", "/appeals/close")


def _result_of(one: Contender) -> str | None:
    """Return the address of the own result, where it can be read."""
    found = one.browser.open("/me/results").links("/me/results/")
    return found[0] if found else None


def compute(play: Play) -> None:
    """The ranking of every post is computed."""
    play.staff["thu-ky-1"].act(f"{play.place}/results", "/results/compute")


def settle(play: Play) -> None:
    """What only a decision on paper can resolve is decided: equal totals, too few candidates."""
    secretary = play.staff["thu-ky-1"]
    links = secretary.open(f"{play.place}/results").links("/results/vacancies/")
    sheets = [link for link in links if "." not in last_segment(link)]
    decided = [_settle(play, secretary.open(sheet)) for sheet in sheets]
    if any(decided):
        compute(play)


def _settle(play: Play, sheet: Page) -> bool:
    """Record a decision for each thing that a sheet calls pending; return whether there was one."""
    secretary = play.staff["thu-ky-1"]
    lacks = sheet.tree.xpath("//li[.//a[contains(@href, '/decisions/new')]]")
    for lack in lacks:
        page = secretary.open(lack.xpath(".//a/@href")[0])
        numbers = ", ".join(re.findall(r"\b\d{3}\b", str(lack.text_content())))
        decided = {"candidates": numbers} if "kind=tie" in page.url else {}
        paper = scans.signed_paper(play.number("QĐ-UBND"), AUTHORITY, play.now())
        secretary.submit(page.form(having="candidates"), page="1", **decided, **paper)
    return bool(lacks)


def post_marks(play: Play, reason: str = "") -> None:
    """The marks are public, approved by two."""
    _publish(play, "marks", reason)


def publish(play: Play, reason: str = "") -> None:
    """Opinion and recognition are on record, and the result is public, approved by two."""
    record_step(play, "opinion")
    record_step(play, "recognition")
    publish_result(play, reason)


def publish_result(play: Play, reason: str = "") -> None:
    """The recognised result is public, approved by two."""
    _publish(play, "results", reason)


def record_step(play: Play, step: str) -> None:
    """Opinion or recognition is on record from its signed paper."""
    paper = scans.signed_paper(play.number(NUMBERS[step]), AUTHORITY, play.now())
    play.staff["thu-ky-1"].act(f"{play.place}/results/{step}", having="paper_number", **paper)


def _publish(play: Play, kind: str, reason: str) -> None:
    secretary = play.staff["thu-ky-1"]
    facts = {"reason": reason} if reason else {}
    page = secretary.act(f"{play.place}/results/publications/new/{kind}", having="kind", **facts)
    address = f"{play.place}/results/publications/{last_segment(page.url)}"
    approvers = [key for key in ("chu-tich-1", "tham-quyen-1") if key in play.staff]
    for approver in approvers:
        play.staff[approver].act(address, "/approve")
    if not approvers:
        _approve_on_paper(play, address)


def _approve_on_paper(play: Play, address: str) -> None:
    """Two people record what two others have signed by hand."""
    for recorder, signer in (("thu-ky-1", CHAIR), ("organiser", AUTHORITY)):
        paper = scans.signed_paper(play.number("BTH-KQ"), signer, play.now())
        play.staff[recorder].act(f"{address}/approve-on-paper", having="content_hash", **paper)


def read_public_page(play: Play) -> None:
    """Anybody can read the result, and each candidate the own one."""
    visitor = play.contenders[0].browser
    page = visitor.open(f"/competitions/{play.competition}/results")
    for ending in (".pdf", ".xlsx"):
        visitor.get(f"{page.url}{ending}")


def take_bundle(play: Play, out: Path) -> Path:
    """Return the bundle as anybody downloads it, once the record's next checkpoint covers the result."""
    path = out / "bundle.zip"
    for _ in range(MOST_SECONDS):
        path.write_bytes(play.contenders[0].browser.get(f"/competitions/{play.competition}/bundle.zip"))
        if "results" in _published_kinds(path):
            return path
        time.sleep(1)
    raise Refused(f"the bundle lacks the published result {MOST_SECONDS} seconds after its publication")


def _published_kinds(bundle: Path) -> set[str]:
    with zipfile.ZipFile(bundle) as opened:
        names = [name for name in opened.namelist() if name.startswith("publications/")]
        return {json.loads(opened.read(name))["kind"] for name in names}


def verify(bundle: Path, out: Path) -> tuple[int, int, str]:
    """Return exit status and number of checks of the verifier that lies in the bundle, and what it said."""
    program = out / "verify.py"
    with zipfile.ZipFile(bundle) as opened:
        name = next(each for each in opened.namelist() if each.endswith("verify.py"))
        program.write_bytes(opened.read(name))
    command = [sys.executable, "-I", str(program), str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1, 2}:
        raise Refused(f"the verifier ended with {done.returncode}: {done.stderr[-500:]}")
    checks = re.findall(r"^\S+ +(?:ok|FAILED) ", done.stdout, re.MULTILINE)
    return done.returncode, len(checks), done.stdout
