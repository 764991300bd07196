"""The server of `funnelsim app`: for one person, on this machine alone."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

from ..panel.refusals import RefusedError
from ..panel.work import Begin, BusyError, Job, Work
from ..words import say
from .closer.closer import Closer
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
"""Letters in what a visitor is called, and in what a field of a view holds."""

QUESTIONS = {
    "/ask": 'A question is {"visitor": a name, "numbers": {control: number}}.',
    "/lever": 'A question is {"visitor": a name, "numbers": {control: number}}.',
    "/look": 'A look is {"visitor": a name, "numbers": {control: number}, "view": a name, "given": {field: it}}.',
}
"""What a question consists of, by the path at which it is asked."""


class Asked(NamedTuple):
    """A question as it was sent.

    Parameters
    ----------
    visitor : str
        Who asks; a newer question stops older ones of the same visitor.
    numbers : dict
        What is moved, by control.
    view : str
        What is looked at more closely; empty for the answer itself.
    given : dict
        What the fields of the view hold.
    """

    visitor: str
    numbers: dict[str, float]
    view: str
    given: dict[str, str]


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
        self.closer = Closer(session)
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
        if path == "/views":
            return self._send(File(JSON, _json(self.app.closer.describe())))
        found = part(path)
        if found is None:
            return self._refuse(Refusal(404, "There is no such page."))
        return self._send(found)

    def do_POST(self) -> None:
        guard = self.app.guard
        refusal = self._elsewhere() or guard.of_strangers(self.headers) or guard.of_body(self.headers)
        path = urlsplit(self.path).path
        if refusal is None and path not in QUESTIONS:
            refusal = Refusal(404, "There is no such page.")
        if refusal is not None:
            return self._refuse(refusal)
        try:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        except (ValueError, RecursionError):
            return self._refuse(Refusal(400, "This is no JSON."))
        asked = _question(body, more=path == "/look")
        if asked is None:
            return self._refuse(Refusal(422, QUESTIONS[path]))
        try:
            if path == "/lever":
                return self._send(File(JSON, _json(self.app.session.lever(asked.numbers))))
            return self._answer(asked.visitor, self._begin(asked))
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

    def _begin(self, asked: Asked) -> Begin:
        """What answers a question; what cannot be asked is refused here."""
        session, closer = self.app.session, self.app.closer
        if asked.view:
            look = closer.look(asked.view, asked.numbers, asked.given)
            return lambda stop: closer.lines(look, stop)
        question = session.question(asked.numbers)
        return lambda stop: session.answers(question, stop)

    def _answer(self, visitor: str, begin: Begin) -> None:
        work, lang = self.app.work, self.app.session.lang
        waits = work.busy
        try:
            job = work.submit(visitor, begin)
        except BusyError:
            return self._refuse(Refusal(503, say("panel.full", lang)))
        self._head(200, LINES, {"Transfer-Encoding": "chunked"})
        try:
            if waits:
                self._chunk(_json({"kind": "notice", "text": say("panel.waiting", lang)}) + b"\n")
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


def _question(body: Any, more: bool) -> Asked | None:
    """What is asked; None if it is no question. ``more`` is of a look."""
    names = {"visitor", "numbers", *(("view", "given") if more else ())}
    if not isinstance(body, dict) or set(body) != names or not isinstance(body["numbers"], dict):
        return None
    view, given = body.get("view", ""), body.get("given", {})
    if not isinstance(given, dict) or not all(_is_name(each) for each in given.values()):
        return None
    if not (_is_name(body["visitor"]) and body["visitor"]) or (more and not (_is_name(view) and view)):
        return None
    return Asked(body["visitor"], body["numbers"], view, given)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def _has_left(connection: socket.socket) -> bool:
    """Whether the other end is closed."""
    try:
        readable, _, _ = select.select([connection], [], [], 0)
        return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True
