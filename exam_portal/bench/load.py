# SPDX-License-Identifier: Apache-2.0
"""Open-loop load on keep-alive connections: requests fall due at a rate, latency counts from then."""

import asyncio
import dataclasses
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

_Result = TypeVar("_Result")

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"
IDLE_SECONDS = 2
PATIENCE_SECONDS = 30.0


class Writer(Protocol):
    """Somebody who has a next request, and is told how the last one ended."""

    def request(self) -> bytes:
        """Return the bytes of the next HTTP request."""

    def answered(self, status: int, head: bytes, body: bytes) -> bool:
        """Take the answer, its head with all header lines; return whether it was an acknowledgement."""


@dataclasses.dataclass(slots=True)
class Phase:
    """What one phase measured."""

    seconds: float = 0.0
    offered: int = 0
    acknowledged: int = 0
    errors: int = 0
    processor: float = 0.0  # seconds that the server's processes computed
    latencies: list[float] = dataclasses.field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Acknowledged requests in a second."""
        return self.acknowledged / self.seconds if self.seconds else 0.0

    @property
    def processor_us(self) -> float:
        """Microseconds that the server computed for one acknowledged request."""
        return self.processor / self.acknowledged * 1e6 if self.acknowledged else 0.0

    def percentile(self, share: float) -> float:
        """Return a latency in milliseconds."""
        if not self.latencies:
            return 0.0
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def run(
    host: str,
    port: int,
    writers: list[Writer],
    *,
    rate: float,
    seconds: float,
    connections: int,
    is_herd: bool = False,
) -> Phase:
    """Return what was measured when requests fall due at ``rate`` for so many seconds.

    What falls due and cannot be sent within them is left out. Of a herd each writer is sent once, even late,
    and its waiting counts.

    A writer has one request under way at most, as a player has; those that fall due while none is free wait,
    and their waiting counts.
    """
    generator = _Generator(host, port, writers, rate, seconds, is_herd=is_herd)
    return in_own_loop(generator.run(connections))


def in_own_loop(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Return what the work returns; the caller may be in a loop already, as one with a browser is."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, work).result()


class _Generator:
    def __init__(
        self, host: str, port: int, writers: list[Writer], rate: float, seconds: float, *, is_herd: bool
    ) -> None:
        self.host, self.port = host, port
        self.most = len(writers) if is_herd else None
        self.rate, self.length = rate, seconds
        self.free = deque(writers)
        self.phase = Phase()
        self.began = 0.0

    async def run(self, connections: int) -> Phase:
        self.began = time.perf_counter()
        count = min(connections, len(self.free))
        await asyncio.gather(*(self._work() for _ in range(count)))
        self.phase.seconds = time.perf_counter() - self.began
        return self.phase

    async def _work(self) -> None:
        """One connection: take the next due request, send it, wait for its answer."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            used = time.perf_counter()
            while (due := await self._next_due()) is not None:
                if time.perf_counter() - used > IDLE_SECONDS:  # the server may just be closing it
                    writer.close()
                    reader, writer = await asyncio.open_connection(self.host, self.port)
                who = self.free.popleft()
                try:
                    writer.write(who.request())
                    status, head, body = await asyncio.wait_for(answer(reader), PATIENCE_SECONDS)
                except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
                    self.phase.errors += 1
                    writer.close()
                    reader, writer = await asyncio.open_connection(self.host, self.port)
                    continue  # nobody knows what became of it: this writer stops here
                used = time.perf_counter()
                self._note(who.answered(status, head, body), due)
                self.free.append(who)
        finally:
            writer.close()

    async def _next_due(self) -> float | None:
        while True:
            now = time.perf_counter()
            due = self.began + self.phase.offered / self.rate
            if self.most is None and max(now, due) - self.began >= self.length:
                return None
            if not self.free or self.phase.offered == self.most:
                return None
            if due <= now + 0.0005:
                self.phase.offered += 1
                return due
            await asyncio.sleep(due - now)

    def _note(self, is_acknowledged: bool, due: float) -> None:
        if is_acknowledged:
            self.phase.acknowledged += 1
            self.phase.latencies.append(time.perf_counter() - due)
        else:
            self.phase.errors += 1


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Return status, head and body of the next answer."""
    head = await reader.readuntil(END_OF_HEAD)
    status = int(head[9:12])
    lowered = head.lower()
    at = lowered.index(LENGTH) + len(LENGTH)
    length = int(lowered[at : lowered.index(b"\r", at)])
    return status, head, await reader.readexactly(length)


def http_get(path: str, host: str, headers: dict[str, str]) -> bytes:
    """Return a request for this address."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def http_post(
    path: str, host: str, headers: dict[str, str], *, kind: str = "application/json"
) -> Callable[[bytes], bytes]:
    """Return a function that puts a body into a request."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Type: {kind}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines) + "\r\nContent-Length: "
    return lambda body: f"{head}{len(body)}\r\n\r\n".encode("ascii") + body
