# SPDX-License-Identifier: Apache-2.0
"""The commands that run an installation; each slice brings its own in ``cli.py``."""
