"""Machine code on disk: made once, trusted only if whole and one's own, read without Numba."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import pytest

from funnelsim.engine.compiled import kernel
from funnelsim.engine.compiled.machine import cache
from funnelsim.engine.compiled.machine.returns import RAISES, in_registers

ROOT = Path(__file__).parents[2]

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
    cache.keep(b"code")
    return tmp_path / "kept"


def test_once_compiled_it_serves_every_scenario_and_length() -> None:
    """Nothing is compiled again, or Numba would have been imported."""
    kernel.advance.load()
    subprocess.run([sys.executable, "-c", WARM], check=True, cwd=ROOT)


def test_what_was_kept_is_found(folder: Path) -> None:
    assert cache.kept() == b"code"
    assert [path.name for path in folder.iterdir()] == [cache.path_in(folder).name]


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1], lambda whole: whole[:-1] + b"x", lambda whole: b""])
def test_damaged_code_is_not_run(folder: Path, damage: object) -> None:
    path = cache.path_in(folder)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert cache.kept() is None


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_code_where_others_can_write_is_not_run(folder: Path) -> None:
    folder.chmod(0o777)
    assert cache.kept() is None
    cache.path_in(folder).unlink()
    cache.keep(b"other")
    assert list(folder.iterdir()) == []


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(cache, "folders", lambda: [tmp_path / "file" / "kept"])
    cache.keep(b"code")
    assert cache.kept() is None


@pytest.mark.parametrize(("name", "value"), [("NUMBA_OPT", "1"), ("NUMBA_CPU_NAME", "generic")])
def test_other_settings_have_other_code(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = cache.version_key.__wrapped__()
    monkeypatch.setenv(name, value)
    assert cache.version_key.__wrapped__() != usual


HALVES = """
define i32 @entry(ptr noalias %retptr, ptr noalias %excinfo, i64 %arg.x) {
  %value = alloca i64
  %error = alloca ptr
  %status = call i32 @half_or_more(ptr %value, ptr %error, i64 %arg.x, i64 3)
  %found = load i64, ptr %value
  store i64 %found, ptr %retptr
  ret i32 %status
}

define internal i32 @half_or_more(ptr noalias %retptr, ptr %excinfo, i64 %arg.x, i64 noundef %arg.y) {
  %odd = trunc i64 %arg.x to i1
  br i1 %odd, label %more, label %half
half:
  %halved = sdiv i64 %arg.x, 2
  store i64 %halved, ptr %retptr
  ret i32 0
more:
  %three = mul i64 %arg.x, %arg.y
  store i64 %three, ptr %retptr
  ret i32 0
}
"""


def halved(code: str, number: int) -> int:
    module = llvm.parse_assembly(code)
    module.verify()
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    engine = llvm.create_mcjit_compiler(module, llvm.Target.from_default_triple().create_target_machine())
    engine.finalize_object()
    value, error = ctypes.c_int64(), ctypes.c_void_p()
    kind = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
    status = kind(engine.get_function_address("entry"))(ctypes.addressof(value), ctypes.addressof(error), number)
    assert status == 0
    return value.value


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ or "NUMBA_BOUNDSCHECK" in os.environ, reason="as it is kept")
def test_the_loop_returns_values_in_registers() -> None:
    kernel.advance.load()
    code = cache.kept()
    assert code is not None
    assert code.count(b".value") > 50


def test_functions_return_the_same_in_registers() -> None:
    code = in_registers(HALVES, "entry")
    assert [halved(code, number) for number in (7, 8, -6)] == [21, 4, -3]
    assert re.search(r"define internal i64 @\"?half_or_more.value\"?\(i64 %arg.x, i64 %arg.y\)", code)


def test_what_may_raise_or_has_two_values_stays_as_it_is() -> None:
    raising = HALVES.replace("  %odd", f"  ; {RAISES}\n  %odd")
    assert raising != HALVES
    assert in_registers(raising, "entry") == raising
    telling = HALVES.replace("ret i32 0", "ret i32 -2")
    assert in_registers(telling, "entry") == telling
    two = HALVES.replace("store i64 %three, ptr %retptr", "store double 1.0, ptr %retptr")
    assert in_registers(two, "entry") == two
