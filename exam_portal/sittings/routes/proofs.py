# SPDX-License-Identifier: Apache-2.0
"""What this request's browser proved: by its headers, or by hashes that the page's script read and sent."""

from flask import request, url_for

from exam_portal.sittings.attempts.machines import Machine
from exam_portal.sittings.safe_browser import Proof

CONFIG = "X-SafeExamBrowser-ConfigKeyHash"
BROWSER = "X-SafeExamBrowser-RequestHash"
BY_SCRIPT = "X-Safe-Browser"  # config.browser, hashed with the page's own address


def machine(attempt_id: str) -> Machine:
    """Return the computer behind this request. Addresses are the server's own, never what a client names."""
    config, _, browser = request.headers.get(BY_SCRIPT, "").partition(".")
    config, browser = request.form.get("seb_config", config), request.form.get("seb_browser", browser)
    pages = [url_for(name, attempt_id=attempt_id, _external=True) for name in PAGES]
    by_header = Proof(
        address=request.url,
        config=request.headers.get(CONFIG, ""),
        browser=request.headers.get(BROWSER, ""),
    )
    by_script = [Proof(address=page, config=config[:64], browser=browser[:64]) for page in pages]
    return Machine(address=request.remote_addr or "", proofs=[by_header, *by_script])


PAGES = ("sittings.sit", "sittings.take_device")  # a refused code is answered at the second one
