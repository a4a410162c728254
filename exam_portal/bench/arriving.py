# SPDX-License-Identifier: Apache-2.0
"""Candidates arrive: each signs in by the form, takes the place, and brings page and ciphertext home.

All come from one address, as a hall does, and the portal's own limits hold. Whom the portal has no room for
at the moment comes again when it says, as the page does that it gets.
"""

import asyncio
import dataclasses
import re
import time
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from exam_portal.bench import load

COOKIE = re.compile(rb"\r\nset-cookie: ([^=\r\n]+)=([^;\r\n]*)", re.IGNORECASE)
TOKEN = re.compile(rb'name="csrf_token"[^>]* value="([^"]+)"')
RETRY = re.compile(rb"\r\nretry-after: (\d+)", re.IGNORECASE)
CROWDED = 503
AT_ONCE = 128
PATIENCE_SECONDS = 120.0


class Refused(Exception):
    """A candidate met something other than what comes next; says what was asked and what came."""


@dataclasses.dataclass(slots=True)
class Arrival:
    """What a candidate has before: a name and a password; and what the browser holds afterwards."""

    login: str
    password: str
    attempt: str
    form: str
    cookies: dict[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    refusal: str = ""
    came_again: int = 0

    def steps(self) -> Iterator[tuple[str, str, dict[str, str] | None, int, bytes]]:
        """Yield method, address, fields, status and what has to be in the answer, in a candidate's order."""
        place = f"/sit/{self.attempt}"
        yield "GET", f"/sign-in?next={place}", None, 200, b"csrf_token"
        yield "POST", "/sign-in", {"login": self.login, "password": self.password, "next": place}, 303, b""
        yield "GET", place, None, 200, b"csrf_token"
        yield "POST", f"{place}/device", {"code": ""}, 303, b""
        yield "GET", place, None, 200, self.form.encode()
        yield "GET", f"/sit/forms/{self.form}/sealed", None, 200, b""

    def headers(self) -> dict[str, str]:
        """Return what the browser sends with every request."""
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": kept, "Sec-Fetch-Site": "same-origin"}


def run(port: int, people: Sequence[Arrival]) -> float:
    """Everybody has arrived, or met a refusal; return how many seconds it took."""
    began = time.perf_counter()
    load.in_own_loop(_all(port, people))
    return time.perf_counter() - began


async def _all(port: int, people: Sequence[Arrival]) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(*(_arrive(port, person, turns) for person in people))


async def _arrive(port: int, person: Arrival, turns: asyncio.Semaphore) -> None:
    async with turns:
        began = time.perf_counter()
        try:
            await asyncio.wait_for(_walk(port, person), PATIENCE_SECONDS)
        except (Refused, OSError, ValueError, asyncio.IncompleteReadError, TimeoutError) as problem:
            person.refusal = repr(problem)
        person.seconds = time.perf_counter() - began


async def _walk(port: int, person: Arrival) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    host, token = f"127.0.0.1:{port}", ""
    try:
        for method, path, fields, expected, needs in person.steps():
            writer.write(_request(method, path, host, person, fields, token))
            status, head, body = await load.answer(reader)
            while status == CROWDED and (wait := RETRY.search(head)):
                person.came_again += 1
                await asyncio.sleep(int(wait[1]))
                writer.write(_request(method, path, host, person, fields, token))
                status, head, body = await load.answer(reader)
            if status != expected or needs not in body:
                raise Refused(f"{method} {path.partition('?')[0]}: {status}")
            person.cookies |= {name.decode(): value.decode() for name, value in COOKIE.findall(head)}
            found = TOKEN.search(body)
            token = found[1].decode() if found else token
    finally:
        writer.close()


def _request(
    method: str, path: str, host: str, person: Arrival, fields: dict[str, str] | None, token: str
) -> bytes:
    if fields is None:
        return load.http_get(path, host, person.headers())
    said = {**fields, "csrf_token": token}
    body = "&".join(f"{name}={quote(value, safe='')}" for name, value in said.items()).encode()
    headers = {**person.headers(), "Origin": f"http://{host}"}
    return load.http_post(path, host, headers, kind="application/x-www-form-urlencoded")(body)
