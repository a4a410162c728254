# SPDX-License-Identifier: Apache-2.0
"""The oldest browser that has to work, for ``./dev floor``: Chromium 109, the last for Windows 7.

Run as a program it prints the path of that browser, fetched once and held against the hash written here.
"""

import base64
import hashlib
import os
import subprocess
import sys
from pathlib import Path

PACKAGE = "@sparticuz/chromium@109.0.6"
SHA512 = "9hTE03DXnrWTiGNpfjLfmGhIfmiVAerSPinDb+x5bBdM4KF4PMM1NZ0A+V7WKazoA+CasSX/osHK8K0MuO6uqg=="
FOLDER = Path(sys.prefix) / "oldest-browser"
UNPACK = """
const { brotliDecompressSync } = require("node:zlib");
const { readFileSync, writeFileSync } = require("node:fs");
writeFileSync("chromium", brotliDecompressSync(readFileSync("package/bin/chromium.br")), { mode: 0o755 });
writeFileSync("gl.tar", brotliDecompressSync(readFileSync("package/bin/swiftshader.tar.br")));
"""


def fetched() -> Path:
    """Return the browser, fetched, checked and unpacked."""
    browser = FOLDER / "run"
    if not browser.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        _run("npm", "pack", "--silent", PACKAGE)
        [archive] = FOLDER.glob("*.tgz")
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if found != SHA512:
            raise SystemExit(f"{PACKAGE} is not what it was: {found}")
        _run("tar", "xzf", archive.name)
        _run("node", "-e", UNPACK)
        _run("tar", "xf", "gl.tar")
        browser.write_text(f'#!/bin/sh\nexec "{FOLDER}/chromium" --no-zygote "$@"\n')
        browser.chmod(0o755)
    return browser


def _run(*command: str) -> None:
    subprocess.run(command, cwd=FOLDER, check=True, stdout=sys.stderr, env=os.environ)


if __name__ == "__main__":
    print(fetched())
