# SPDX-License-Identifier: Apache-2.0
"""The verbs of accounts: organisations, people, how they sign in, and what they may do."""

from exam_portal.accounts.logins import canonical
from exam_portal.accounts.service.credentials import (
    change_password,
    confirm_second_factor,
    prepare_second_factor,
    remove_second_factor,
    request_reset,
    reset_password,
    secret_of,
    set_password,
    verify_second_factor,
)
from exam_portal.accounts.service.erasing import (
    erase_person,
    propose_erasure,
    require_free,
    standing_erasure,
    withdraw_erasure,
)
from exam_portal.accounts.service.organisations import create_organisation
from exam_portal.accounts.service.people import (
    by_login,
    choose_language,
    disable_account,
    invite_staff,
    issue_counter_code,
    open_account,
    renew_counter_code,
)
from exam_portal.accounts.service.registration import confirm_email, register_candidate
from exam_portal.accounts.service.roles import (
    COMPETITION_ROLES,
    ORGANISATION_ROLES,
    Seat,
    approve_grant,
    held_roles,
    install_grant,
    propose_grant,
    revoke_grant,
)
from exam_portal.accounts.service.signing import (
    end_sessions,
    sign_in,
    sign_in_with_code,
    sign_out,
    take_attempt,
)

__all__ = [
    "COMPETITION_ROLES",
    "ORGANISATION_ROLES",
    "Seat",
    "approve_grant",
    "by_login",
    "canonical",
    "change_password",
    "choose_language",
    "confirm_email",
    "confirm_second_factor",
    "create_organisation",
    "disable_account",
    "end_sessions",
    "erase_person",
    "held_roles",
    "install_grant",
    "invite_staff",
    "issue_counter_code",
    "open_account",
    "prepare_second_factor",
    "propose_erasure",
    "propose_grant",
    "register_candidate",
    "remove_second_factor",
    "renew_counter_code",
    "request_reset",
    "require_free",
    "reset_password",
    "revoke_grant",
    "secret_of",
    "set_password",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "standing_erasure",
    "take_attempt",
    "verify_second_factor",
    "withdraw_erasure",
]
