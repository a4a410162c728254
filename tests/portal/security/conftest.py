# SPDX-License-Identifier: Apache-2.0
"""Fixtures that the attacks share."""

from collections.abc import Iterator

import pytest

from exam_portal.interviews import admission
from tests.portal.demo.stage import gallery, seeded

__all__ = ["gallery", "nobody_knows_who_passed", "seeded"]


@pytest.fixture
def nobody_knows_who_passed() -> Iterator[None]:
    """The stage that knows the marks is not asked who is admitted to the panel."""
    known = list(admission._providers)
    admission._providers.clear()
    yield
    admission._providers[:] = known
