"""Machine code on disk: made once, trusted only if whole and one's own, read without Numba."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from funnelsim.engine.compiled import kernel
from funnelsim.engine.compiled.machine import cache, shipped, versions

ROOT = Path(__file__).parents[2]
VERSION = "0123"

WARM = """
import sys
from pathlib import Path
import funnelsim as fs
for path in sorted(Path("scenarios").glob("*.yaml"))[:2]:
    for horizon in ("2 w", "3 w"):
        fs.simulate(fs.load(path).change({"horizon": horizon, "warmup": "0 d"}), replications=2, workers=2)
assert "numba" not in sys.modules
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder for machine code, with some in it."""
    monkeypatch.setattr(cache, "folders", lambda: [tmp_path / "kept"])
    cache.keep(VERSION, b"code")
    return tmp_path / "kept"


def test_once_compiled_it_serves_every_scenario_and_length() -> None:
    """Nothing is compiled again, or Numba would have been imported."""
    kernel.advance.load()
    subprocess.run([sys.executable, "-c", WARM], check=True, cwd=ROOT)


def test_what_was_kept_is_found(folder: Path) -> None:
    assert cache.kept(VERSION) == b"code"
    assert [path.name for path in folder.iterdir()] == [cache.path_in(folder, VERSION).name]


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: whole[:-1] + b"x", lambda whole: b""])
def test_damaged_code_is_not_run(folder: Path, damage: object) -> None:
    path = cache.path_in(folder, VERSION)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cache.kept(VERSION) is None


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_code_where_others_can_write_is_not_run(folder: Path) -> None:
    folder.chmod(0o777)
    assert cache.kept(VERSION) is None
    cache.path_in(folder, VERSION).unlink()
    cache.keep(VERSION, b"other")
    assert list(folder.iterdir()) == []


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(cache, "folders", lambda: [tmp_path / "file" / "kept"])
    cache.keep(VERSION, b"code")
    assert cache.kept(VERSION) is None


@pytest.mark.parametrize(("name", "value"), [("NUMBA_OPT", "1"), ("NUMBA_CPU_NAME", "generic")])
def test_other_settings_have_other_code(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = versions.version_key.__wrapped__()
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(shipped, "misfit", shipped.misfit.__wrapped__)
    assert versions.version_key.__wrapped__() != usual
