# SPDX-License-Identifier: Apache-2.0
"""Arithmetic of a job in a child process, so that no server loads the libraries of the statistics."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

KEPT_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL")
ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
SECONDS: Final = 600


def computed(document: Mapping[str, Any], module: str) -> dict[str, Any]:
    """Return what a module says of the document, computed by a child that ends with it."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", module],
        input=json.dumps(document).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=kept | ONE_THREAD,
        timeout=SECONDS,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
