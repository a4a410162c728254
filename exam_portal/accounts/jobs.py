# SPDX-License-Identifier: Apache-2.0
"""Jobs of accounts: registrations are carried out, and letters written in their receivers' languages."""

from exam_portal.accounts.letters import write
from exam_portal.accounts.service.registration import carry_out

__all__ = ["carry_out", "write"]
