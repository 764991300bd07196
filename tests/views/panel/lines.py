"""Lines that questions are asked of, and how the server is asked."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import Any

import funnelsim as fs
from funnelsim.views.app.server import App
from funnelsim.views.panel.session import Session

DESK = """\
funnelsim: 1
name: 東京 <desk>
horizon: 8 w
warmup: 2 w
currency: JPY
segments: {any: {value: {dist: lognormal, median: 100_000, sigma: 0.5}}}
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 2, queue: fifo, label: 窓口}}
stages:
  serve: {team: desk, effort: {dist: exponential, mean: 1 h}, convert: 0.6, patience: 4 h, books: true}
"""
SLOW = DESK.replace("horizon: 8 w", "horizon: 3 y").replace("rate: 2 / h", "rate: 20 / h")
ONE_MORE = {"teams.desk.headcount": 3}


def session(text: str = DESK, lang: str = "en") -> Session:
    return Session(fs.Scenario.from_text(text), lang, file="desk.yaml")


@contextmanager
def serving(asked: Session) -> Iterator[App]:
    """A server at work."""
    with App(asked) as app:
        thread = Thread(target=app.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield app
        finally:
            app.shutdown()
            thread.join()


class Asked:
    """Asks a server as a browser does, with its cookie and as its own page unless told otherwise."""

    def __init__(self, app: App) -> None:
        self.app = app

    def headers(self, **other: str | None) -> dict[str, str]:
        host = f"127.0.0.1:{self.app.guard.port}"
        made = {"Host": host, "Cookie": f"{self.app.guard.cookie}={self.app.guard.token}", **_named(other)}
        return {name: value for name, value in made.items() if value is not None}

    def __call__(
        self, method: str, path: str, body: Any = None, **other: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.app.guard.port, timeout=60)
        headers = self.headers(**other)
        sent = None
        if body is not None:
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers = {"Content-Type": "application/json", "Content-Length": str(len(sent)), **headers}
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), content

    def ask(self, numbers: Mapping[str, float], visitor: str = "a") -> list[dict[str, Any]]:
        status, _, content = self("POST", "/ask", {"visitor": visitor, "numbers": numbers})
        assert status == 200, content
        return [json.loads(line) for line in content.decode().splitlines()]


def _named(other: Mapping[str, str | None]) -> dict[str, str | None]:
    return {name.replace("_", "-"): value for name, value in other.items()}
