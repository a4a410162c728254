# SPDX-License-Identifier: Apache-2.0
"""What panels add to the command line: their part of ``exam-portal fsck``."""

import click

from exam_portal.interviews import fsck
from exam_portal.interviews.record import fsck as sealed_records

__all__ = ["commands", "fsck", "sealed_records"]

commands: list[click.Command] = []
