# SPDX-License-Identifier: Apache-2.0
"""The common beginning of the paper scenarios: a post, an office, a handwritten part."""

from dataclasses import replace
from pathlib import Path

from exam_portal.core.actors import Role
from exam_portal.rehearsal import people
from exam_portal.rehearsal.play import Play
from exam_portal.rehearsal.stages import applying, founding, handwritten

OFFICE = frozenset(
    {Role.SECRETARY, Role.VETTING_BOARD, Role.INVIGILATOR, Role.MASKING_BOARD, Role.TYPIST, Role.OVERSIGHT}
)
SUMMONS_HOURS = 24 * 14
PART = "written"


def office(seed: int) -> list[people.StaffMember]:
    """Return the people who work in the portal where nobody of the council does."""
    return [member for member in people.staff(seed) if member.role in OFFICE]


def to_the_slips(play: Play, post: founding.Post, candidates: int) -> None:
    """Everything up to the masked scripts of a handwritten part, and the scan of the signed slips."""
    founding.draft(play, [post], "leadership-gate")
    founding.appoint(play, office(play.seed))
    founding.announce(play)
    cast = people.applicants(play.seed, candidates, 1)
    applying.register(play, [replace(one, has_consent=True, withdraws=False) for one in cast])
    applying.apply(play)
    play.shift(24 * (founding.APPLY_DAYS + 1))
    applying.vet(play)
    sitting = handwritten.plan(play, PART, SUMMONS_HOURS)
    paper = handwritten.settle_paper(play, PART)
    play.shift(SUMMONS_HOURS)
    for happened in ("handed_over", "opened"):
        handwritten.note_envelope(play, paper, sitting, happened)
    handwritten.hold(play, sitting)
    handwritten.mask(play, PART)
    handwritten.file_slips(play, pages=9)


def rules_of_nine(folder: Path, original: Path) -> Path:
    """Return a folder of rule sets in which the council of the gated rules has nine members."""
    folder.mkdir(parents=True)
    text = (original / "leadership-gate.toml").read_text(encoding="utf-8")
    assert "size = 7" in text
    (folder / "leadership-gate.toml").write_text(text.replace("size = 7", "size = 9"), encoding="utf-8")
    return folder
