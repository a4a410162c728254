# SPDX-License-Identifier: Apache-2.0
"""The order in which a marker meets scripts: another one for each marker, by the house's documented shuffle.

Marks drift while somebody works through a bag. Where every marker has an order of his own, no script is last
for both, and no place in the bag is anybody's (docs/marking.md gives the algorithm).
"""

from collections.abc import Sequence

from exam_portal.core.db import Session
from exam_portal.sittings.handover import BagView, MaskedScriptView
from question_bank.shuffling import Stream

LABEL = b"exam/marking-order/v1"
CONTEXT = "marking.order"


def shuffled(
    session: Session, bag: BagView, round: int, account_id: int, scripts: Sequence[MaskedScriptView]
) -> list[MaskedScriptView]:
    """Return the scripts, given in the order of their codes, as this marker gets them in this round."""
    seed = session.keys.index(f"{bag.public_id}/{round}/{account_id}", CONTEXT)
    return list(Stream(seed, LABEL).shuffled(scripts))
