# SPDX-License-Identifier: Apache-2.0
"""What waits for people, by the stage of a competition in which they work."""
