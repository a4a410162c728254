# SPDX-License-Identifier: Apache-2.0
"""The sealed record of secret ballots: who gave which ballot, readable by enough of its keepers together."""
