"""Making a report: from what was given to files."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from funnelsim import disk
from funnelsim.errors import FunnelsimError, Warned
from funnelsim.scenario.forms.base import unknown

from ..words import numbers, say, speaking
from . import drawn, printed, workbook
from .blocks import Part, Picture
from .given import Given
from .page import page
from .sections import SECTIONS, Section

if TYPE_CHECKING:
    from funnelsim.results.shown import Told

ENDINGS = (".html", ".htm")


@dataclass(frozen=True)
class Files:
    """What is to be written.

    Parameters
    ----------
    page : Path
        The report.
    pdf, xlsx : bool
        Whether to write the same as PDF and its tables as a workbook, beside it under its name.
    figures : Path or None
        A folder for every picture as SVG and PNG.
    only : sequence of str
        The sections that are wanted; all of them if it is empty.
    """

    page: Path
    pdf: bool = False
    xlsx: bool = False
    figures: Path | None = None
    only: Sequence[str] = ()

    def check(self) -> None:
        """Refuse at once what could not be written after long work.

        Raises
        ------
        FunnelsimError
            If a name or a section is wrong, or what writes a format is not installed.
        """
        if self.page.suffix.lower() not in ENDINGS:
            raise FunnelsimError(
                f"{self.page}: a report is an HTML file; give a name that ends in .html", code="E-output-ending"
            )
        known = [section.name for section in SECTIONS]
        for name in self.only:
            if name not in known:
                raise FunnelsimError(f"--only {name}: {unknown('section', name, known)}", code="E-name-unknown")
        if self.pdf:
            printed.browser()
        if self.xlsx:
            workbook.check()
        for path in self.all:
            disk.check_output(path)

    @property
    def all(self) -> list[Path]:
        """The files themselves, pictures apart."""
        more = ((self.pdf, ".pdf"), (self.xlsx, ".xlsx"))
        return [self.page, *(self.page.with_suffix(ending) for wanted, ending in more if wanted)]


_WANTED = {
    "carve": "; `funnelsim run --carve --report FILE` has it",
    "causes": "; `funnelsim compare --causes --report FILE` has it",
    "fates": "; `funnelsim compare --fates --report FILE` has it",
    "groups": "; `--by segment` of `run` and `compare` with --report has it",
    "quarters": "; `funnelsim run --periods quarter --report FILE` has it",
    "targets": "; `--target KPI=VALUE` of `run` and `compare` with --report has it",
    "what_if": "; give --what-if",
}
"""What else to ask for, by section."""


def report(
    result: Told,
    out: Path | str,
    *,
    title: str | None = None,
    lang: str | None = None,
    only: Sequence[str] = (),
    pdf: bool = False,
    xlsx: bool = False,
    figures: Path | str | None = None,
) -> Path:
    """Write the report of a result; see `Told.report`."""
    folder = None if figures is None else Path(figures)
    files = Files(Path(out), pdf, xlsx, folder, tuple(only))
    files.check()
    with speaking(lang):
        missing = write(Given(result, title or ""), files)
    for said in missing:
        warnings.warn(said, stacklevel=2)
    return files.page


def write(given: Given, files: Files) -> list[Warned]:
    """Write a report and what was wanted beside it, in the language in force.

    Returns
    -------
    list of Warned
        Which of the sections that were asked for it does not have.
    """
    wanted = [each for each in SECTIONS if (not files.only or each.name in files.only) and each.applies(given)]
    if not wanted:
        raise FunnelsimError(
            f"--only {','.join(files.only)}: this report has none of these sections", code="E-report-empty"
        )
    main, appendix = (
        _parts(given, [each for each in wanted if each.appendix is at_end]) for at_end in (False, True)
    )
    title = given.title or given.name or say("report.title")
    text = page(title, _subtitle(given), main, appendix, _foot(given))
    with disk.written(files.page) as part:
        part.write_text(text, encoding="utf-8")
    if files.xlsx:
        workbook.write(files.page.with_suffix(".xlsx"), title, [*main, *appendix])
    if files.pdf:
        printed.write(files.page, files.page.with_suffix(".pdf"))
    if files.figures is not None:
        _write_figures(main, files.figures)
    there = {each.name for each in wanted}
    gone = dict.fromkeys(name for name in files.only if name not in there)
    return [
        Warned(
            f"--only {name}: this report has nothing for that section{_WANTED.get(name, '')}", "W-report-section"
        )
        for name in gone
    ]


def _parts(given: Given, sections: Sequence[Section]) -> list[Part]:
    return [(each.name, each.head, tuple(each.blocks(given))) for each in sections]


def _subtitle(given: Given) -> str:
    day = numbers.date(given.day)
    if not given.title or given.title == given.name:
        return say("report.subtitle", day=day)
    return say("report.subtitle_of", name=given.name, day=day)


def _foot(given: Given) -> list[str]:
    return [] if given.stamp is None else [say("report.foot", how=given.stamp.how)]


def _write_figures(parts: Sequence[Part], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FunnelsimError(f"--figures {folder}: {disk.unwritten(error)}", code="E-output-unwritten") from error
    seen: set[str] = set()
    for _, _, blocks in parts:
        for block in blocks:
            if isinstance(block, Picture):
                number = sum(each == block.name or each.startswith(f"{block.name}_") for each in seen)
                name = block.name if block.name not in seen else f"{block.name}_{number + 1}"
                seen.add(name)
                drawn.write(replace(block, name=name), folder)
