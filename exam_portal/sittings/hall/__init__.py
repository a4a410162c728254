# SPDX-License-Identifier: Apache-2.0
"""A sitting on a closed network: packed at home, held on one laptop, and taken back (docs/hall.md)."""
