# SPDX-License-Identifier: Apache-2.0
"""Jobs of accounts: letters are written, each in its receiver's language."""

from exam_portal.accounts.letters import write

__all__ = ["write"]
