# SPDX-License-Identifier: Apache-2.0
"""The pages of competitions: the staff's list and workspace, posts, approval, decisions; public notices."""

from exam_portal.competitions.routes import approval, decisions, drafts, home, public, vacancies
from exam_portal.competitions.routes.blueprint import bp

__all__ = ["approval", "bp", "decisions", "drafts", "home", "public", "vacancies"]
