# SPDX-License-Identifier: Apache-2.0
"""The pages of accounts: signing in, registering, one's own account, people and roles, the counter."""

from exam_portal.accounts.routes import authorities, own, persons, registration, roles, signing, slips
from exam_portal.accounts.routes.blueprint import bp

__all__ = ["authorities", "bp", "own", "persons", "registration", "roles", "signing", "slips"]
