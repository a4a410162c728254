# SPDX-License-Identifier: Apache-2.0
"""The jobs of papers: banks are told what was held."""

from exam_portal.papers import exposure

__all__ = ["exposure"]
