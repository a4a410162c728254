# SPDX-License-Identifier: Apache-2.0
"""A closed network on this machine: a hall with its switch, computers of candidates, and no way out.

Every host is a network namespace of the kernel; what runs in one sees the others of this network only.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

HALL = "10.77.0.1"
SWITCH = "switch"


class ClosedNetwork:
    """Names of hosts lead to namespaces that are gone when the test is over."""

    def __init__(self, hosts: Sequence[str]) -> None:
        self._mark = f"ep{os.getpid() % 100_000}"
        self.hosts = tuple(hosts)

    def space(self, host: str) -> str:
        """Return the namespace of a host."""
        return f"{self._mark}-{host}"

    def command(self, host: str, *words: str) -> list[str]:
        """Return the command as it runs on the host; it keeps the process id that it is started under."""
        return ["ip", "netns", "exec", self.space(host), *words]

    def run(self, host: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the host."""
        return subprocess.run(
            self.command(host, *words), capture_output=True, text=True, timeout=60, check=False
        )

    def break_switch(self) -> None:
        """Nobody reaches anybody."""
        _ip("-n", self.space("hall"), "link", "set", SWITCH, "down")

    def mend_switch(self) -> None:
        """All reach all again."""
        _ip("-n", self.space("hall"), "link", "set", SWITCH, "up")

    def browser_on(self, host: str, executable: str, directory: Path) -> Path:
        """Return a program that is the browser of this host."""
        script = directory / f"browser-{host}"
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.space(host)} {executable} "$@"\n')
        script.chmod(0o700)
        return script

    def build(self, stack: ExitStack) -> None:
        """The hall has a switch; each other host hangs on it by one cable."""
        for host in ("hall", *self.hosts):
            _ip("netns", "add", self.space(host))
            stack.callback(_ip, "netns", "delete", self.space(host))
            _ip("-n", self.space(host), "link", "set", "lo", "up")
        hall = self.space("hall")
        _ip("-n", hall, "link", "add", SWITCH, "type", "bridge")
        _ip("-n", hall, "addr", "add", f"{HALL}/24", "dev", SWITCH)
        _ip("-n", hall, "link", "set", SWITCH, "up")
        for number, host in enumerate(self.hosts, start=11):
            space, port = self.space(host), f"port{number}"
            _ip("-n", hall, "link", "add", port, "type", "veth", "peer", "name", "cable", "netns", space)
            _ip("-n", hall, "link", "set", port, "master", SWITCH)
            _ip("-n", hall, "link", "set", port, "up")
            _ip("-n", space, "addr", "add", f"10.77.0.{number}/24", "dev", "cable")
            _ip("-n", space, "link", "set", "cable", "up")


@contextmanager
def closed_network(*hosts: str) -> Iterator[ClosedNetwork]:
    """Yield the network; the test is skipped where this machine lets nobody make one."""
    _require_namespaces()
    with ExitStack() as stack:
        made = ClosedNetwork(hosts)
        made.build(stack)
        yield made


def _require_namespaces() -> None:
    if shutil.which("ip") is None:
        pytest.skip("no program ip: install the package iproute2 for the journey on a closed network")
    probe = f"ep{os.getpid() % 100_000}-probe"
    found = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.skip(f"no network namespaces here: {found.stderr.strip()}")
    _ip("netns", "delete", probe)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, timeout=30)
