# SPDX-License-Identifier: Apache-2.0
"""Mutation testing of the rules: every small mistake put into the arithmetic has to be found by a test."""
