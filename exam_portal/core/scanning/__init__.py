# SPDX-License-Identifier: Apache-2.0
"""Scanned pages: a stack in, single pages with what their codes say out, read by a child process."""

from exam_portal.core.scanning.reader import Page, ScanNotRead, read_pages
from exam_portal.core.scanning.upright import Strip, copy_by_hand

__all__ = ["Page", "ScanNotRead", "Strip", "copy_by_hand", "read_pages"]
