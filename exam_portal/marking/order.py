# SPDX-License-Identifier: Apache-2.0
"""The order in which a marker meets scripts: another one for each marker, by the house's documented shuffle.

Marks drift while somebody works through a bag. Where every marker has an order of his own, no script is last
for both, and no place in the bag is anybody's (docs/marking.md gives the algorithm). Who reads a bag by
question meets the scripts in another order at each question.
"""

from collections.abc import Sequence

from exam_portal.core.db import Session
from exam_portal.sittings.handover import BagView, MaskedScriptView
from question_bank.shuffling import Stream

LABEL = b"exam/marking-order/v1"
CONTEXT = "marking.order"


def shuffled(
    session: Session,
    bag: BagView,
    round: int,
    account_id: int,
    scripts: Sequence[MaskedScriptView],
    *,
    question: int | None = None,
) -> list[MaskedScriptView]:
    """Return the scripts, given in the order of their codes, as this marker gets them in this round.

    With a question (from 1) it is the order in which the answers to that question are read.
    """
    place = f"{bag.public_id}/{round}/{account_id}"
    seed = session.keys.index(place if question is None else f"{place}/{question}", CONTEXT)
    return list(Stream(seed, LABEL).shuffled(scripts))
