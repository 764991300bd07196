"""`funnelsim app`: the address on standard output, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from commands import SOURCE, Command

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{22}\n")


@pytest.mark.parametrize("quiet", [False, True])
def test_the_address_stands_alone_and_the_page_is_there_until_ctrl_c(
    desk: str, tmp_path: Path, quiet: bool
) -> None:
    command = [sys.executable, "-W", "error", "-m", "funnelsim", "app", desk, "--no-open", "--lang", "ja"]
    with subprocess.Popen(
        [*command, *(["--quiet"] if quiet else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": SOURCE},
        # What runs in the background of a shell ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline()  # though standard output is a pipe
            assert ADDRESS.fullmatch(address)
            with urllib.request.urlopen(address.strip(), timeout=60) as page:
                assert 'lang="ja"' in page.read().decode()
            process.send_signal(signal.SIGINT)
            said, told = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert said == ""
    assert told == ("" if quiet else "note: このアドレスをブラウザで開いてください。Ctrl-Cで終了します\n")


def test_ctrl_c_ends_it_in_order_while_controls_are_found(desk: str, tmp_path: Path) -> None:
    """The threads of the server are then in foreign code, in which the interpreter's own end would abort."""
    command = [sys.executable, "-m", "funnelsim", "app", desk, "--no-open", "--quiet"]
    started = [
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": SOURCE},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        for _ in range(4)
    ]
    ends = []
    for each in started:
        with each:
            assert each.stdout is not None
            each.stdout.readline()
            each.send_signal(signal.SIGINT)
            said = each.communicate(timeout=60)
            ends.append((each.returncode, *said))
    assert ends == [(0, b"", b"")] * len(started)


def test_a_file_that_is_wrong_or_too_large_is_refused(funnelsim: Command, desk: str) -> None:
    assert funnelsim("app", "no.yaml", "--no-open").returncode == 2
    large = funnelsim("app", desk, "--no-open", "--set", "sources.web.rate=9_000 / h", "--set", "horizon=1 y")
    assert large.returncode == 2
    assert "funnelsim compare" in large.stderr
