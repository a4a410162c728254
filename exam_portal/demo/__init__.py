# SPDX-License-Identifier: Apache-2.0
"""The demonstration: one competition in each phase, seeded through the verbs that people use."""
