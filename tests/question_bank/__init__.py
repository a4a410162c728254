# SPDX-License-Identifier: Apache-2.0
"""Items in, items out, papers: the pure half of the question bank."""
