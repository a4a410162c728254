# SPDX-License-Identifier: Apache-2.0
"""A competition comes into being as a draft and is edited until it goes to the chair."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from exam_portal.competitions import rulesets
from exam_portal.competitions.errors import ModeNotAllowed, RehearsalsOff, WindowTurned
from exam_portal.competitions.models import Competition, CompetitionKind
from exam_portal.competitions.service import locking
from exam_portal.core.actors import Actor
from exam_portal.core.db import Session
from scoring.ruleset import RuleSet

ALLOWED_MODES = {
    "test": ("portal", "lan", "paper"),
    "written": ("paper", "lan", "portal"),
    "panel": ("paper", "lan", "portal"),
    "dossier": ("paper", "portal"),
    "vote": ("paper", "lan", "portal"),
}


def create_competition(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    organisation_id: int,
    ruleset: RuleSet,
    code: str,
    title: str,
    title_en: str = "",
    description: str = "",
    legal_basis: Sequence[str] = (),
    apply_opens_at: datetime,
    apply_closes_at: datetime,
    kind: CompetitionKind = CompetitionKind.REAL,
    rehearsals_enabled: bool = False,
) -> Competition:
    """A draft exists, under a copy of the rule set. Its kind is settled for ever."""
    if kind is CompetitionKind.REHEARSAL and not rehearsals_enabled:
        raise RehearsalsOff
    _check_window(apply_opens_at, apply_closes_at)
    competition = Competition(
        organisation_id=organisation_id,
        kind=kind.value,
        code=code,
        title=title,
        title_en=title_en or title,
        description=description,
        ruleset=ruleset.canonical(),
        ruleset_hash=ruleset.hash,
        legal_basis=list(legal_basis or ruleset.legal_basis),
        apply_opens_at=apply_opens_at,
        apply_closes_at=apply_closes_at,
        created_by=locking.person(actor),
        created_at=now,
    )
    locking.add_unique(session, competition)
    locking.record(session, actor, now, competition, "created", _facts(competition))
    return competition


def edit_draft(
    session: Session, actor: Actor, now: datetime, competition: Competition, **changes: Any
) -> None:
    """The draft says what was changed: code, titles, description, legal basis, dates or the rule set."""
    locking.require_draft(session, competition)
    ruleset: RuleSet | None = changes.pop("ruleset", None)
    if ruleset is not None:
        changes |= {"ruleset": ruleset.canonical(), "ruleset_hash": ruleset.hash}
    unknown = set(changes) - EDITABLE
    if unknown:
        raise TypeError(f"not a field of a draft: {', '.join(sorted(unknown))}")
    _check_window(
        changes.get("apply_opens_at", competition.apply_opens_at),
        changes.get("apply_closes_at", competition.apply_closes_at),
    )
    for name, value in changes.items():
        setattr(competition, name, value)
    locking.flush_unique(session)
    locking.record(session, actor, now, competition, "draft_edited", _facts(competition))


def set_mode(
    session: Session,
    actor: Actor,
    now: datetime,
    competition: Competition,
    *,
    part: str,
    mode: str,
    panel_size: int | None = None,
) -> None:
    """The part of this draft is held in this mode, by a panel of this size; the rule set's hash says so.

    The quorum is a fraction in the rule set, so it follows the size (9 members at two thirds: 6).
    """
    locking.require_draft(session, competition)
    held = rulesets.of(competition).part(part)
    if mode not in ALLOWED_MODES[held.kind]:
        raise ModeNotAllowed
    changes: dict[str, Any] = {"mode": mode}
    if panel_size is not None and held.panel is not None:
        changes["panel"] = {"size": panel_size}
    content = dict(competition.ruleset)
    content["parts"] = [_changed(each, changes) if each["key"] == part else each for each in content["parts"]]
    changed = RuleSet.from_canonical(content)
    competition.ruleset, competition.ruleset_hash = changed.canonical(), changed.hash
    session.flush()
    facts = {"part": part, "mode": mode, "panel_size": panel_size, "ruleset": changed.hash}
    locking.record(session, actor, now, competition, "mode_set", facts)


def _changed(part: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {**part, **changes}
    if "panel" in changes:
        merged["panel"] = {**part.get("panel", {}), **changes["panel"]}
    return merged


EDITABLE = frozenset(
    {
        "code",
        "title",
        "title_en",
        "description",
        "legal_basis",
        "apply_opens_at",
        "apply_closes_at",
        "ruleset",
        "ruleset_hash",
    }
)


def _check_window(opens: datetime, closes: datetime) -> None:
    if closes <= opens:
        raise WindowTurned


def _facts(competition: Competition) -> dict[str, Any]:
    return {
        "competition": competition.public_id,
        "kind": competition.kind,
        "code": competition.code,
        "ruleset": competition.ruleset_hash,
        "opens_at": competition.apply_opens_at.isoformat(),
        "closes_at": competition.apply_closes_at.isoformat(),
    }
