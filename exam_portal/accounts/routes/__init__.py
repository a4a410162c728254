# SPDX-License-Identifier: Apache-2.0
"""The pages of accounts: signing in, registering, one's own account, people and roles, the counter."""

from exam_portal.accounts.routes import account, counter, organisations, people, registration, signing
from exam_portal.accounts.routes.blueprint import bp

__all__ = ["account", "bp", "counter", "organisations", "people", "registration", "signing"]
