# SPDX-License-Identifier: Apache-2.0
"""A port that is free now is still free when its server asks for it."""

import errno
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from exam_portal.core import ports


def test_a_port_is_given_that_no_connection_gets_by_itself() -> None:
    first, last = map(int, ports.EPHEMERAL.read_text(encoding="ascii").split())
    assert not any(first <= ports.free_port() <= last for _ in range(50))


def test_a_system_that_gives_out_every_port_is_asked_for_any(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    everything = tmp_path / "range"
    everything.write_text("1024 65535\n", encoding="ascii")
    monkeypatch.setattr(ports, "EPHEMERAL", everything)
    assert ports.free_port() >= 1024


AGAIN = """
import random, sys
from exam_portal.core import ports
named, draw = [int(sys.argv[1])], random.randint
random.randint = lambda *limits: named.pop() if named else draw(*limits)
print(ports.free_port(), named)
"""


def test_a_port_whose_server_has_not_started_yet_is_given_to_no_other_process_either() -> None:
    taken = ports.free_port()
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, str(taken)], capture_output=True, text=True, check=True
    )
    port, left = done.stdout.split()
    assert left == "[]"  # chance did name it again
    assert int(port) != taken


def test_a_system_that_refuses_for_another_reason_is_not_asked_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object) -> socket.socket:
        raise OSError(errno.EAFNOSUPPORT, "no such family")

    monkeypatch.setattr(socket, "create_server", refused)
    with pytest.raises(OSError, match="no such family"):
        ports.free_port()
