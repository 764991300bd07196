"""What all checks say together: one may be far off by chance, all of them may not be.

They share a seed, and many the names of stages, and with these their draws: where one is off, others are as well.
"""

from __future__ import annotations

import re
from typing import Any

from . import checking as c

FIGURE = re.compile(r"^(?P<what>.+: simulated .+), z (?P<z>[+-][\d.]+), error", re.MULTILINE)
FAR = 2.5


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many figures were checked, their mean square distance (1 if all is right), and those far off."""
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    found = [
        (float(match["z"]), f"{report.nodeid.rpartition('/')[2]}: {match['what']}")
        for report in reports
        if "test_checking" not in report.nodeid
        for match in FIGURE.finditer(report.capstdout)
    ]
    if not found:
        return
    square = sum(z * z for z, _ in found) / len(found)
    terminalreporter.section(f"figures and exact values, {c.ENGINE} engine, {c.TIMES} times the replications")
    terminalreporter.line(f"{len(found)} figures, mean square distance {square:.2f} standard errors")
    found.sort(key=lambda each: -abs(each[0]))
    for place, (z, what) in enumerate(found):
        if place == 0 or abs(z) > FAR:
            terminalreporter.line(f"z {z:+.2f}  {what}")
