# SPDX-License-Identifier: Apache-2.0
"""The public record: canonical bytes, Merkle log, signed checkpoints, bundles and the one-file verifier."""
