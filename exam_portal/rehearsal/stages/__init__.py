# SPDX-License-Identifier: Apache-2.0
"""The stages of a rehearsal, in the order of a competition."""
