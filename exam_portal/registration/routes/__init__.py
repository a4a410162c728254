# SPDX-License-Identifier: Apache-2.0
"""Pages of registration: the applicant's, the counter's, the vetting board's."""

from flask import Blueprint

bp = Blueprint("registration", __name__)

from exam_portal.registration.routes import candidate, counter, vetting  # noqa: E402 - they add to the blueprint

__all__ = ["bp", "candidate", "counter", "vetting"]
