# SPDX-License-Identifier: Apache-2.0
"""The demonstration for these tests."""

from tests.portal.demo.stage import gallery, seeded, show

__all__ = ["gallery", "seeded", "show"]
