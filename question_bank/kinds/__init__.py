# SPDX-License-Identifier: Apache-2.0
"""The kinds of items, one module each; `question_bank.registry` is the table of them."""
