# SPDX-License-Identifier: Apache-2.0
"""`python -m exam_portal` is `exam-portal`."""

from exam_portal.cli import main

main(prog_name="exam-portal")
