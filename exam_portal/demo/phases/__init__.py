# SPDX-License-Identifier: Apache-2.0
"""One competition in each phase, each as far as its people have come."""
