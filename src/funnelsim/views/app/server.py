"""The server of `funnelsim app`: for one person, on this machine alone."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty
from threading import Thread
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from ..panel.refusals import RefusedError
from ..panel.work import BusyError, Job, Work
from ..words import say
from .guards import HEADERS, Guard, Refusal
from .page import File, page, part

if TYPE_CHECKING:
    from ..panel.session import Session

LOOK = 0.1
"""Seconds between two looks whether whoever asked is still there."""

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
LINES = "application/x-ndjson; charset=utf-8"

LONGEST_NAME = 64
"""Letters in what a visitor is called."""


class App(ThreadingHTTPServer):
    """The server of one line, at a port of its own.

    Parameters
    ----------
    session : Session
        Answers the questions.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, session: Session) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.session = session
        self.guard = Guard(self.server_address[1])
        self.work = Work(session.failed)
        Thread(target=session.describe, name="funnelsim controls", daemon=True).start()

    @property
    def address(self) -> str:
        """The address that lets one in."""
        return self.guard.address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of those who went away."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "funnelsim"
    sys_version = ""
    timeout = 60

    @property
    def app(self) -> App:
        """The server."""
        return cast("App", self.server)

    def do_GET(self) -> None:
        refusal = self._elsewhere() or self.app.guard.of_strangers(self.headers, self.path)
        if refusal is not None:
            return self._refuse(refusal)
        path, session = urlsplit(self.path).path, self.app.session
        if path == "/":
            return self._send(page(session.line.name, session.lang), {"Set-Cookie": self.app.guard.set_cookie})
        if path == "/panel":
            return self._send(File(JSON, _json(session.describe())))
        found = part(path)
        if found is None:
            return self._refuse(Refusal(404, "There is no such page."))
        return self._send(found)

    def do_POST(self) -> None:
        guard = self.app.guard
        refusal = self._elsewhere() or guard.of_strangers(self.headers) or guard.of_body(self.headers)
        path = urlsplit(self.path).path
        if refusal is None and path not in ("/ask", "/lever"):
            refusal = Refusal(404, "There is no such page.")
        if refusal is not None:
            return self._refuse(refusal)
        try:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        except (ValueError, RecursionError):
            return self._refuse(Refusal(400, "This is no JSON."))
        asked = _question(body)
        if asked is None:
            return self._refuse(Refusal(422, 'A question is {"visitor": a name, "numbers": {control: number}}.'))
        try:
            if path == "/lever":
                return self._send(File(JSON, _json(self.app.session.lever(asked[1]))))
            return self._ask(*asked)
        except RefusedError as error:
            return self._refuse(Refusal(422, str(error), error.control))

    def _other(self) -> None:
        refusal = self._elsewhere() or self.app.guard.of_strangers(self.headers)
        self._refuse(refusal or Refusal(405, "This server knows GET and POST."))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # any other method
            return self._other
        raise AttributeError(name)

    def _elsewhere(self) -> Refusal | None:
        if len(self.headers.get_all("Host", [])) > 1:
            return Refusal(403, "A request is made for one name.")
        return self.app.guard.of_elsewhere(self.headers)

    # --- answers --------------------------------------------------------------------------------------------

    def _ask(self, visitor: str, numbers: dict[str, float]) -> None:
        session, work = self.app.session, self.app.work
        question = session.question(numbers)  # what cannot be asked is refused here
        waits = work.busy
        try:
            job = work.submit(visitor, lambda stop: session.answers(question, stop))
        except BusyError:
            return self._refuse(Refusal(503, say("panel.full", session.lang)))
        self._head(200, LINES, {"Transfer-Encoding": "chunked"})
        try:
            if waits:
                self._chunk(_json({"kind": "notice", "text": say("panel.waiting", session.lang)}) + b"\n")
            for line in self._lines(job):
                self._chunk(_json(line) + b"\n")
            self._chunk(b"")
        except OSError:  # whoever asked has left
            self.close_connection = True
        finally:
            job.stop.set()
        return None

    def _lines(self, job: Job) -> Iterator[dict[str, Any]]:
        """The lines of an answer as they come, as long as somebody is there for them."""
        while True:
            try:
                line = job.lines.get(timeout=LOOK)
            except Empty:
                if _has_left(self.connection):
                    raise ConnectionAbortedError from None
                continue
            if line is None:
                return
            yield line

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(b"%X\r\n%s\r\n" % (len(content), content))
        self.wfile.flush()

    def _send(self, file: File, more: dict[str, str] | None = None) -> None:
        self._head(200, file.kind, {"Content-Length": str(len(file.content)), **(more or {})})
        self.wfile.write(file.content)

    def _refuse(self, refusal: Refusal) -> None:
        content = f"{refusal.said}\n".encode()
        kind = PLAIN
        if refusal.control:
            content, kind = _json({"text": refusal.said, "control": refusal.control}), JSON
        self.close_connection = True  # what else was sent is not read
        self._head(refusal.status, kind, {"Content-Length": str(len(content)), "Connection": "close"})
        if self.command != "HEAD":
            self.wfile.write(content)

    def _head(self, status: int, kind: str, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, **HEADERS, **more}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _question(body: Any) -> tuple[str, dict[str, float]] | None:
    """Who asks, and what; None if it is no question."""
    if not isinstance(body, dict) or set(body) != {"visitor", "numbers"} or not isinstance(body["numbers"], dict):
        return None
    visitor = body["visitor"]
    if not isinstance(visitor, str) or not 0 < len(visitor) <= LONGEST_NAME:
        return None
    return visitor, body["numbers"]


def _has_left(connection: socket.socket) -> bool:
    """Whether the other end is closed."""
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
