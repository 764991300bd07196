"""What users are told about the engine before a command runs it."""

from __future__ import annotations

import warnings

from . import streams


def announce(engine: str) -> None:
    """Say on standard error that the engine is compiled first, or cannot be; ``engine`` as the user named it."""
    from funnelsim.engine import engines

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        chosen = engines.choose(engine)
    streams.complain([str(each.message) for each in caught], "warning")
    if engines.compiles_first(chosen):
        text = "the engine is compiled now, once for this version; that takes about half a minute"
        streams.complain([text], "note")
