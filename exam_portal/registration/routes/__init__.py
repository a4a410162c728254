# SPDX-License-Identifier: Apache-2.0
"""Pages of registration: the applicant's, the counter's, the vetting board's."""

from exam_portal.registration.routes import candidate, counter, lists, vetting
from exam_portal.registration.routes.blueprint import bp

__all__ = ["bp", "candidate", "counter", "lists", "vetting"]
