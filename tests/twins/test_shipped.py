"""The shipped translation: it is that of the sources, and used only where it is; then Numba is not needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from funnelsim.cli import work
from funnelsim.engine.compiled import compiling, kernel
from funnelsim.engine.compiled.machine import native, shipped
from funnelsim.engine.compiled.machine.origins import origins

ROOT = Path(__file__).parents[2]
TRANSLATION = "funnelsim.engine.compiled.translation"
REMEDY = f"run: python -m {TRANSLATION}, and commit the two files that it writes"

FIRST = """
import sys
import funnelsim as fs
scenario = fs.load("scenarios/one_desk.yaml").change({"horizon": "2 w", "warmup": "0 d"})
print(fs.simulate(scenario, replications=2, seed=3).replicates[0].leads.created.sum())
assert "numba" not in sys.modules
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of what is shipped, in its place."""
    for name in (shipped.ABOUT, shipped.PACKED):
        shutil.copy(shipped.FOLDER / name, tmp_path)
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    shipped.misfit.cache_clear()
    yield tmp_path
    shipped.misfit.cache_clear()


def first_command(caches: Path) -> subprocess.Popen[str]:
    """A run where no machine code is kept yet."""
    places = dict.fromkeys(("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "TMPDIR"), str(caches))
    command = [sys.executable, "-c", FIRST]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **places}, text=True, stdout=subprocess.PIPE)


# --- it is that of the sources ----------------------------------------------------------------


def test_it_is_that_of_the_sources() -> None:
    about = json.loads(shipped.identity())
    assert list(about["sources"]) == origins([compiling.__name__]), REMEDY
    assert shipped.changed(about["sources"]) is None, REMEDY
    assert shipped.digest_of((shipped.FOLDER / shipped.PACKED).read_bytes()).hex() == about["packed"], REMEDY


def test_made_anew_it_is_the_same(tmp_path: Path) -> None:
    """Where Python, Numba or LLVM differ, so may the text, though not what it does."""
    shipped_with = json.loads(shipped.identity())["made_with"]
    if shipped_with != shipped.made_with():
        pytest.skip(f"made with {shipped_with}, which is not what is here")
    subprocess.run([sys.executable, "-m", TRANSLATION, str(tmp_path)], check=True, cwd=ROOT)
    old = shipped.text()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipped, "FOLDER", tmp_path)
        assert shipped.text() == old, REMEDY


def test_it_names_no_processor_and_calls_nothing_but_arithmetic() -> None:
    text = shipped.text()
    assert "target triple" not in text
    assert "target-cpu" not in text
    assert "inttoptr (i64 " not in text  # an address of the process that made it
    called = {line.split("@")[1].split("(")[0] for line in text.splitlines() if line.startswith("declare ")}
    assert {name for name in called if not name.startswith("llvm.")} == {"sqrt"}


# --- it is used where it fits -----------------------------------------------------------------


def test_first_commands_need_no_numba_and_may_be_several(tmp_path: Path) -> None:
    """Two start together where nothing is kept: each answers, and one whole file is left."""
    commands = [first_command(tmp_path) for _ in range(2)]
    said = {command.communicate()[0] for command in commands}
    assert [command.returncode for command in commands] == [0, 0]
    assert len(said) == 1
    (left,) = tmp_path.iterdir()
    before = left.stat().st_mtime_ns
    again = first_command(tmp_path)
    assert {again.communicate()[0]} == said
    assert left.stat().st_mtime_ns == before


def other_digest(about: dict[str, Any]) -> None:
    about["sources"]["engine/codes.py"] = "other"


def other_file(about: dict[str, Any]) -> None:
    about["sources"]["engine/gone.py"] = "other"


def other_compiler(about: dict[str, Any]) -> None:
    about["llvm"] = "14.0"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (other_digest, r"engine/codes\.py has changed"),
        (other_file, r"engine/gone\.py has changed"),
        (other_compiler, r"LLVM .*for 14\.0"),
        (lambda about: about.pop("sources"), r"cannot be read \('sources'\)"),
    ],
)
def test_another_one_is_not_used(folder: Path, change: Callable[[dict[str, Any]], object], why: str) -> None:
    about = json.loads(shipped.identity())
    change(about)
    (folder / shipped.ABOUT).write_text(json.dumps(about), encoding="utf-8")
    assert_not_used(why)


@pytest.mark.parametrize(
    ("name", "damage", "why"),
    [
        (shipped.PACKED, lambda whole: whole[:-1], "damaged"),
        (shipped.PACKED, lambda _: b"", "damaged"),
        (shipped.ABOUT, lambda whole: whole[:-9], "cannot be read"),
        (shipped.ABOUT, lambda _: b"\xff\xfe", "cannot be read"),
        (shipped.ABOUT, lambda _: b"[]", "cannot be read"),
    ],
)
def test_a_damaged_one_is_not_used(folder: Path, name: str, damage: Callable[[bytes], bytes], why: str) -> None:
    path = folder / name
    path.write_bytes(damage(path.read_bytes()))
    assert_not_used(why)


@pytest.mark.parametrize("name", [shipped.PACKED, shipped.ABOUT])
def test_a_missing_one_is_not_used(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert_not_used("cannot be read")


@pytest.mark.usefixtures("folder")
def test_settings_that_change_the_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    assert shipped.misfit.__wrapped__() is None
    monkeypatch.setenv("NUMBA_BOUNDSCHECK", "1")
    assert_not_used("NUMBA_BOUNDSCHECK is set")


def assert_not_used(why: str) -> None:
    """Numba then translates the sources; whoever waits for that is told why."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "translated", lambda: "define i32 @translated_here() { ret i32 0 }")
        assert b"translated_here" in kernel.compiled()
        patch.setattr(kernel.advance, "compiles_first", lambda: True)
        notice = kernel.advance.notice()
    assert notice is not None
    assert re.search(why, notice)
    assert "about a minute" in notice


def test_whoever_waits_for_the_shipped_one_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kernel.advance, "compiles_first", lambda: True)
    work.announce("auto")
    assert capsys.readouterr().err == f"note: {kernel.FROM_TEXT}\n"


# --- for which processor ----------------------------------------------------------------------


def test_code_is_for_the_processor_that_settings_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NUMBA_CPU_FEATURES", raising=False)
    monkeypatch.setenv("NUMBA_CPU_NAME", "generic")
    assert native.processor() == ("generic", "")
    monkeypatch.setenv("NUMBA_CPU_FEATURES", "-fma")
    assert native.processor() == ("generic", "-fma")
