# SPDX-License-Identifier: Apache-2.0
"""A sitting that is packed, held on another installation, and taken back."""
