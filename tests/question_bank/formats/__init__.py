# SPDX-License-Identifier: Apache-2.0
"""Foreign formats: what comes in, what goes out, what is refused."""
