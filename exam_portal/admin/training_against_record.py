# SPDX-License-Identifier: Apache-2.0
"""Rules, scripts and marks of the training are what the record says; who is qualified is computed again."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from exam_portal.audit import acts
from exam_portal.audit import service as audit
from exam_portal.audit.fsck import Difference
from exam_portal.competitions.models import Competition
from exam_portal.core.db import Session
from exam_portal.marking.service.common import sheet_of
from exam_portal.marking.training import controls, qualification
from exam_portal.marking.training.models import TrainingMark, TrainingRule, TrainingScript
from exam_portal.sittings import handover

WHERE = "marking"
WORDS = {"question", "answer", "reason"}
RULE, ADDED, WITHDRAWN, MARKED = (
    f"marking.training_{name}" for name in ("rule_set", "script_added", "script_withdrawn", "marked")
)


def differences(session: Session) -> Iterator[Difference]:
    """Yield each rule, script and mark that differs, and each mark that told wrongly who is qualified."""
    yield from acts.compare(session, WHERE, "training rule", (RULE,), _rules())
    for code, rows, words, type_ in (
        ("training script", _scripts(), WORDS, ADDED),
        ("training script withdrawn", _withdrawn(), set(), WITHDRAWN),
    ):
        told = acts.told_about(session, "script", type_)
        yield from acts.untold(WHERE, code, acts.stored(session, rows, words), told)
    for code, marks, type_ in (
        ("training mark", _marks(session), MARKED),
        ("control mark", _control_marks(session), "marking.control_marked"),
    ):
        yield from acts.untold(WHERE, code, marks, acts.told_about(session, "mark", type_))
    yield from _qualified(session)


def _rules() -> acts.Rows:
    columns = (
        Competition.public_id.label("_about"),
        TrainingRule.by.label("_by"),
        TrainingRule.at.label("_at"),
        TrainingRule.part,
        TrainingRule.is_required.label("required"),
        TrainingRule.needed,
        TrainingRule.tolerance,
        TrainingRule.tries,
        TrainingRule.control_every,
    )
    rows = select(*columns).join(Competition, Competition.id == TrainingRule.competition_id)
    return rows.order_by(TrainingRule.id)


def _scripts() -> acts.Rows:
    return select(
        TrainingScript.public_id.label("_about"),
        TrainingScript.by.label("_by"),
        TrainingScript.at.label("_at"),
        TrainingScript.part,
        TrainingScript.purpose,
        TrainingScript.question,
        TrainingScript.answer,
        TrainingScript.value,
        TrainingScript.scores,
        TrainingScript.reason,
    ).order_by(TrainingScript.id)


def _withdrawn() -> acts.Rows:
    columns = (
        TrainingScript.public_id.label("_about"),
        TrainingScript.withdrawn_by.label("_by"),
        TrainingScript.withdrawn_at.label("_at"),
        TrainingScript.purpose,
    )
    return select(*columns).where(TrainingScript.withdrawn_at.is_not(None)).order_by(TrainingScript.id)


def _marks(session: Session) -> Iterator[acts.Facts]:
    rows = select(TrainingMark, TrainingScript).join(TrainingScript)
    rows = rows.where(TrainingMark.bag_id.is_(None)).order_by(TrainingMark.id)
    for mark, script in session.execute(rows):
        place = {"part": script.part, "script": script.public_id, "try": mark.try_number}
        yield {**_said(mark), **place, "qualified": mark.has_passed}


def _control_marks(session: Session) -> Iterator[acts.Facts]:
    """Yield each mark of a control script under the code that its marker met, derived again."""
    rows = select(TrainingMark, TrainingScript).join(TrainingScript)
    found = session.execute(rows.where(TrainingMark.bag_id.is_not(None)).order_by(TrainingMark.id)).all()
    bags = {bag.id: bag for bag in handover.bags_by_id(session, {mark.bag_id or 0 for mark, _ in found})}
    for mark, script in found:
        bag = bags[mark.bag_id or 0]
        code = controls.code_of(session, bag, mark.marker_id, script)
        yield {**_said(mark), "part": script.part, "purpose": bag.purpose, "code": code, "round": mark.round}


def _said(mark: TrainingMark) -> dict[str, Any]:
    return {
        "_about": mark.public_id,
        "_by": mark.marker_id,
        "_at": audit.stamp(mark.at),
        "marker": mark.signer,
        "value": mark.value,
        "sheet": sheet_of(mark),
    }


def _qualified(session: Session) -> Iterator[Difference]:
    """Each mark of a training decided who is qualified as the rule, scripts and marks before it say."""
    parts: dict[tuple[str, str], _Part] = defaultdict(_Part)
    for act in acts.told(session, RULE, ADDED, WITHDRAWN, MARKED):
        part = parts[act["_about"], act["part"]]
        if not part.agrees(act):
            yield Difference(where=WHERE, code="qualification", place=act["mark"])


class _Part:
    """The training of a part, as the record tells it act by act."""

    def __init__(self) -> None:
        self.rule = qualification.Rule(needed=1, tolerance=Decimal(0), tries=1)
        self.agreed: dict[str, Decimal] = {}
        self.numbers: dict[str, int] = {}
        self.gaps: dict[int, dict[int, dict[int, Decimal]]] = defaultdict(lambda: defaultdict(dict))

    def agrees(self, act: acts.Facts) -> bool:
        """Whether the act, where it is a mark, says of its marker what follows from all before it."""
        if act["_type"] == RULE:
            self.rule = qualification.Rule(
                needed=act["needed"], tolerance=Decimal(act["tolerance"]), tries=act["tries"]
            )
        elif act["_type"] == ADDED and act["purpose"] == "training":
            self.agreed[act["script"]] = Decimal(act["value"])
            self.numbers[act["script"]] = len(self.numbers) + 1
        elif act["_type"] == WITHDRAWN:
            self.agreed.pop(act["script"], None)
        elif act["_type"] == MARKED:
            return self._is_qualified(act) is act["qualified"]
        return True

    def _is_qualified(self, act: acts.Facts) -> bool:
        gap = Decimal(act["value"]) - self.agreed.get(act["script"], Decimal(0))
        own = self.gaps[act["_by"]]
        own[act["try"]][self.numbers.get(act["script"], 0)] = gap
        wanted = [self.numbers[script] for script in self.agreed]
        return qualification.state(self.rule, wanted, own).is_qualified
