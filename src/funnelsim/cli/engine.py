"""What users are told about the engine before a command runs it."""

from __future__ import annotations

from . import streams


def announce(engine: str) -> None:
    """Say on standard error that the engine is compiled first, where it is; ``engine`` as the user named it."""
    from funnelsim.experiments import engines

    if engines.compiles_first(engines.choose(engine)):
        text = "the engine is compiled now, once for this version; that takes about half a minute"
        streams.complain([text], "note")
