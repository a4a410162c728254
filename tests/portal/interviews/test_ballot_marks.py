# SPDX-License-Identifier: Apache-2.0
"""What a ballot may say: a mark on the step, or of a vote of confidence yes or no."""

from decimal import Decimal

import pytest

from exam_portal.interviews import ballots, errors
from scoring.ruleset import read_ruleset
from tests.scoring.builders import gate_content


def test_a_vote_of_confidence_is_nought_or_the_whole_scale_and_nothing_between() -> None:
    content = gate_content()
    content["parts"].append({"key": "vote", "kind": "vote", "role": "advisory", "panel": {}})
    ruleset = read_ruleset(content)
    vote, programme = ruleset.part("vote"), ruleset.part("programme")
    for said in ("0", "100"):
        assert ballots.checked(ruleset, vote, Decimal(said), {}) == Decimal(said)
    with pytest.raises(errors.NeitherYesNorNo):
        ballots.checked(ruleset, vote, Decimal(85), {})
    assert ballots.checked(ruleset, programme, Decimal(85), {}) == 85
