# SPDX-License-Identifier: Apache-2.0
"""Measuring the answer path against the least that any server would have to do."""
