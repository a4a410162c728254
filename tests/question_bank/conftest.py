# SPDX-License-Identifier: Apache-2.0
"""Properties are tried without a stopwatch: a busy machine is no counterexample."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
