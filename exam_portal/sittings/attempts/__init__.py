# SPDX-License-Identifier: Apache-2.0
"""The answer path: a candidate's attempt from its first second to its signed receipt."""
