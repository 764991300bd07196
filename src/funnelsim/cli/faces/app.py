"""``funnelsim app``."""

from __future__ import annotations

import os
import webbrowser
from threading import Thread
from typing import TYPE_CHECKING

from funnelsim.views.app.server import App
from funnelsim.views.panel.session import Session
from funnelsim.views.words import say

from .. import ends, streams

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


def app(line: Scenario, file: str, seed: int, opened: bool, quiet: bool) -> None:
    """Serve the page of a line until Ctrl-C; the address is alone on its line on standard output.

    The program then ends at once, and not by the interpreter's own end. That would stop the threads that still
    find controls or compute an answer in the midst of foreign code (pydantic's, LLVM's), which aborts the program.
    """
    session = Session(line, seed=seed, file=file)
    try:
        _serve(session, opened, quiet)
    except KeyboardInterrupt:  # the ordinary way to end it, however early
        streams.finish()
        os._exit(ends.DONE)


def _serve(session: Session, opened: bool, quiet: bool) -> None:
    with App(session) as server:
        print(server.address, flush=True)
        seen = opened and _show(server.address)
        if not quiet:
            streams.complain([say("app.opened" if seen else "app.open")], "note")
        server.serve_forever(poll_interval=0.2)


def _show(address: str) -> bool:
    """Open an address in a browser that has a window of its own; False if there is none."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if type(browser) is webbrowser.GenericBrowser:  # a browser in the terminal, which would take it over
        return False
    Thread(target=browser.open, args=(address,), daemon=True).start()
    return True
