"""Which engine a run gets, also where Numba is of a version that the compiled one cannot use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from funnelsim.cli import work
from funnelsim.engine import engines
from funnelsim.engine.compiled import compiling
from funnelsim.engine.compiled.kernel import advance
from funnelsim.engine.compiled.machine import shipped
from funnelsim.errors import HinderedError


@pytest.fixture
def another_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One without a name that is needed, where no machine code is kept, and what is shipped does not fit."""
    monkeypatch.setattr(advance, "compiles_first", lambda: True)
    monkeypatch.setattr(shipped, "misfit", lambda: "another version")
    monkeypatch.setattr(compiling, "INSIDE", (*compiling.INSIDE, (compiling.CPUCodeLibrary, "_renamed")))
    engines._hindrance.cache_clear()
    yield
    engines._hindrance.cache_clear()


def test_this_numba_has_what_is_needed() -> None:
    assert compiling.lacking() == []


@pytest.mark.usefixtures("another_numba")
def test_another_numba_leaves_the_other_engine() -> None:
    with pytest.warns(UserWarning, match=r"cannot be compiled with Numba .*CPUCodeLibrary._renamed.*simpy takes"):
        assert engines.choose("auto") == "simpy"
    assert engines.choose("simpy") == "simpy"
    with pytest.raises(HinderedError, match="use --engine simpy"):
        engines.choose("compiled")


@pytest.mark.usefixtures("another_numba")
def test_commands_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    work.announce("auto")
    said = capsys.readouterr().err
    assert said.startswith("warning: the engine compiled cannot be compiled with Numba")
