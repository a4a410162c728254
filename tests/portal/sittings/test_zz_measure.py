import pytest
from tests.portal.sittings.test_late_answers import *
from tests.portal.sittings.conftest import *

@pytest.mark.engines("sqlite")
def test_measure(late_test, database):
    late_test.arrive()
    for after in (5, 15):
        late_test.player.now = late_test.closes + after * MINUTE
        with counted() as c:
            try: late_test.player.send(late_test.player.batch(an_event(9, ["a"], item="Q-2")))
            except AttemptClosed as e: kept = e.quarantined
        print(after, kept, len(c.statements), c.commits)
    with counted() as c:
        late_test.entries()
    print("entries", len(c.statements))
