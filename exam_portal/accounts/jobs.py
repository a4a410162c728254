# SPDX-License-Identifier: Apache-2.0
"""Jobs of accounts: registrations are carried out, letters written in their receivers' languages; who was
erased stays erased."""

from exam_portal.accounts.erased import stay_erased
from exam_portal.accounts.letters import write
from exam_portal.accounts.service.registration import carry_out

__all__ = ["carry_out", "stay_erased", "write"]
