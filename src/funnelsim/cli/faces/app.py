"""``funnelsim app``."""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

from funnelsim.views.app.server import App
from funnelsim.views.panel.session import Session

from .. import streams

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


def app(line: Scenario, file: str, seed: int, opened: bool, quiet: bool) -> None:
    """Serve the page of a line until Ctrl-C; the address is alone on its line on standard output."""
    with App(Session(line, seed=seed, file=file)) as server:
        print(server.address, flush=True)
        seen = opened and _show(server.address)
        if not quiet:
            todo = "opened in the browser" if seen else "open this address in a browser"
            streams.complain([f"{todo}; Ctrl-C ends the program"], "note")
        with suppress(KeyboardInterrupt):  # the ordinary way to end it
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
