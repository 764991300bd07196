"""Machine code on disk: made once, trusted only if whole and one's own, read without Numba."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from funnelsim.engine.compiled import kernel
from funnelsim.engine.compiled.machine import cache, shipped, versions

ROOT = Path(__file__).parents[2]
VERSION = "0123"

WARM = """
import sys
from pathlib import Path
from types import SimpleNamespace
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


def halves_of(number: int) -> tuple[int, int]:
    return number // 2, number - number // 2


def larger_half(number: int) -> int:
    one, other = halves_of(number)
    return max(one, other) if is_odd(number) else int(one)


def is_odd(number: int) -> bool:
    return number % 2 == 1


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ or "NUMBA_BOUNDSCHECK" in os.environ, reason="as it is kept")
def test_functions_return_their_values_in_registers() -> None:
    """A part is a function of its arguments alone, and what the entry returns is what Python returns."""
    from numba.core import compiler, types
    from numba.core.registry import cpu_target
    from numba.extending import register_jitable

    from funnelsim.engine.compiled.machine.entry import ENTRY, MachineCode
    from funnelsim.engine.compiled.machine.native import object_of, optimised
    from funnelsim.engine.compiled.machine.parts import ApartCompiler, EntryCompiler, PartCompiler

    for part, kind in ((halves_of, ApartCompiler), (is_odd, PartCompiler), (larger_half, PartCompiler)):
        register_jitable(error_model="numpy", pipeline_class=kind, no_cpython_wrapper=True, no_cfunc_wrapper=True)(
            part
        )
    flags = compiler.Flags()
    flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    entry = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, lambda number: larger_half(number),
        (types.int64,), types.int64, flags, {}, pipeline_class=EntryCompiler,
    )  # fmt: skip
    module = entry.library.whole(entry.fndesc.llvm_func_name, ENTRY)
    text = str(module)
    for name, value in (("halves_of", r"\[2 x i64\]"), ("is_odd", "i8"), ("larger_half", "i64")):
        assert re.search(rf"(?m)^define [^\n]*{value} @\w*{name}\w*\(i64 %arg.number\)", text), name
    assert "noinline" in text
    code = MachineCode(object_of(optimised(module)))
    for number in (6, 7, 0, 1):
        assert code(SimpleNamespace(address=number)) == larger_half(number)
