# SPDX-License-Identifier: Apache-2.0
"""Printed documents: HTML in, PDF out, made by a child process that can reach nothing else."""

from exam_portal.core.pdf.printer import Printer, PrintingFailed, configure, render

__all__ = ["Printer", "PrintingFailed", "configure", "render"]
