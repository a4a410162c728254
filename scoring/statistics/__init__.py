# SPDX-License-Identifier: Apache-2.0
"""Statistics about tests and marking: items, reliability, agreement of markers, standard setting.

Nothing here may be on the path to a rank. This package is the only one under `scoring` that may use numpy
and scipy.
"""
