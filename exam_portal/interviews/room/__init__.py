# SPDX-License-Identifier: Apache-2.0
"""The panel's room: the times of a hearing, its clock, the questions drawn for it."""
