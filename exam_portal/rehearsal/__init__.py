# SPDX-License-Identifier: Apache-2.0
"""The rehearsal: a whole competition over real HTTP, by synthetic people in every role."""
