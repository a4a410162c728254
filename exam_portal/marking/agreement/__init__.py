# SPDX-License-Identifier: Apache-2.0
"""How far markers agree, for whoever heads the marking: by code, from thirty scripts on, to no marker."""
