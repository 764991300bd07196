"""Who may ask the server what: everything that is refused before a question is read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qs, urlsplit

MOST_BYTES = 64 * 1024
"""Of the body of a request."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""What goes with every answer."""


@dataclass(frozen=True)
class Refusal:
    """Why a request gets no answer: a status, a sentence, and the control that it speaks of, if it is one."""

    status: int
    said: str
    control: str = ""


@dataclass(frozen=True)
class Guard:
    """What a server at one port lets in.

    Parameters
    ----------
    port : int
        Where it listens on this machine.
    token : str
        What the first address has, and the cookie afterwards: 128 random bits.
    """

    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names by which it may be called."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def address(self) -> str:
        """The first address, which lets one in."""
        return f"http://{self.hosts[0]}/?token={self.token}"

    @property
    def cookie(self) -> str:
        """The name of the cookie; a browser sends those of all ports."""
        return f"funnelsim_{self.port}"

    @property
    def set_cookie(self) -> str:
        """The header that sets it."""
        return f"{self.cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"

    def of_elsewhere(self, headers: Message) -> Refusal | None:
        """Refuse a request that was made for another name, or by the page of another site."""
        if headers.get("Host", "") not in self.hosts:
            return Refusal(403, f"This server answers to http://{self.hosts[0]} only.")
        origin = headers.get("Origin")
        if origin is not None and origin not in [f"http://{host}" for host in self.hosts]:
            return Refusal(403, "This server answers its own page only.")
        return None

    def of_strangers(self, headers: Message, target: str = "") -> Refusal | None:
        """Refuse whoever has neither the cookie nor, at the first address, the token."""
        if self._is(_cookies(headers).get(self.cookie, "")):
            return None
        given = urlsplit(target)
        if given.path == "/" and self._is(parse_qs(given.query).get("token", [""])[0]):
            return None
        return Refusal(401, "Open the address that funnelsim app has printed; it ends in a token.")

    def of_body(self, headers: Message) -> Refusal | None:
        """Refuse a body that is none of JSON, or too long."""
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            return Refusal(415, "A question comes as application/json.")
        length = headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            return Refusal(411, "A question says how long it is.")
        if int(length) > MOST_BYTES:
            return Refusal(413, f"A question has at most {MOST_BYTES:,} bytes.")
        return None

    def _is(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())


def _cookies(headers: Message) -> dict[str, str]:
    """The cookies of a request; those that others set, however they are written, spoil none of ours."""
    pairs = (each.partition("=") for each in headers.get("Cookie", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
