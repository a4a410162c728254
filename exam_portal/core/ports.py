# SPDX-License-Identifier: Apache-2.0
"""Loopback ports for servers that are started a moment later."""

import errno
import random
import socket
from pathlib import Path

EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
FIRST, LAST = 10_240, 32_767


def free_port() -> int:
    """Return a loopback port that nobody listens on and that the system gives to no connection by itself.

    One of those that the system gives out could be the near end of somebody's connection by the time the
    server asks for it. Whoever asks while this process lives gets another, on the whole machine: until the
    server has started nobody listens there yet. OSError where the system keeps no names without files.
    """
    last = min(LAST, _first_given_out() - 1)
    while True:
        port = random.randint(FIRST, last) if last > FIRST else 0  # noqa: S311 - no secret
        try:
            with socket.create_server(("127.0.0.1", port)) as probe:
                port = int(probe.getsockname()[1])
                _keep(port)
                return port
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE:
                raise


def _keep(port: int) -> None:
    """The port is this process's until it ends, or OSError is raised: it is another's.

    A name without a file: it belongs to the same network as the port, and goes with the process.
    """
    sign = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        sign.bind(f"\0exam-portal-port-{port}")
    except OSError:
        sign.close()
        raise
    sign.detach()  # open until the process ends


def _first_given_out() -> int:
    try:
        return int(EPHEMERAL.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return LAST + 1
