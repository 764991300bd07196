"""Studies by name, of the line that they were written for or of another one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from funnelsim.arguments import checked
from funnelsim.errors import Problem, ScenarioError, Warned

from ..changing.levers import parted
from ..forms.base import unknown
from ..reading import beside, library
from ..reading.document import problem
from ..reading.reader import read_file
from ..scenario import Scenario
from .check import columns_of
from .currency import in_its_currency
from .elsewhere import Elsewhere, Fitting
from .study import KEYS, Study, load_study, refuse_scenario, spec_of, study_of
from .unfit import left_outside, refuse_unfit


@checked
def study(name: Path | str, *, on: Scenario | None = None) -> Study:
    """A study by the name under which it is shipped, or from a file; on request of a line of your own.

    On another line than its own a study is resolved by roles, as a lever of the library is: what it says of
    `teams.field_sales` is said of the team with that role, whatever it is called. What it predicts belongs to the
    line it was written for, and is kept apart (`Study.elsewhere`).

    Parameters
    ----------
    name : str or path
        ``"one_more_rep"``, or the path of a file; a colon and names behind it narrow roles to these entries of the
        line: ``"one_more_rep:東FS"``.
    on : Scenario, optional
        The line. By default the one that the study names. What the study varies is left out where it does not fit
        this line, which is told among its warnings.

    Raises
    ------
    ScenarioError
        If there is no such study, or with what is wrong with it, or what of it the line lacks.

    Examples
    --------
    >>> import funnelsim as fs
    >>> own = fs.load("scenarios/mid_market.yaml")  # doctest: +SKIP
    >>> list(fs.study("one_more_rep", on=own).arms)  # doctest: +SKIP
    ['base', 'one more IS', 'one more FS', 'one more CS', 'more leads']
    """
    path, narrowed = file_of(str(name))
    if on is not None:
        return study_on(path, on, narrowed)
    if narrowed:
        said = f"{name}: names behind a colon narrow the roles of another line; give that with `on`"
        raise ScenarioError([Problem("", said, code="E-narrow-without-line")])
    return load_study(path)


def file_of(name: str) -> tuple[Path, tuple[str, ...]]:
    """The file that a study is in, by its path or its name, and the entries to which roles are narrowed.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    called, narrowed = (name, ()) if Path(name).exists() else parted(name)
    path = Path(called)
    if path.exists() or path.suffix:
        return path, narrowed
    shipped = library.study_called(called)
    if shipped is None:
        close = beside.meant(path, exact=True)
        raise ScenarioError(
            [
                Problem(
                    "",
                    unknown("study", called, library.names(library.studies_folder())) + close,
                    code="E-name-unknown",
                )
            ]
        )
    return shipped, narrowed


def study_on(path: Path, base: Scenario, narrowed: tuple[str, ...] = (), whole: bool = False) -> Study:
    """The study in a file, of another line than the one it was written for.

    Parameters
    ----------
    path : Path
        The file.
    base : Scenario
        The line.
    narrowed : tuple of str
        Entries of the line to which roles are narrowed.
    whole : bool
        Whether what it varies is needed; else that is left out where it does not fit, as it was often chosen for
        the study's own line.

    Raises
    ------
    ScenarioError
        With what is wrong with the study, or what of it the line lacks.
    """
    document, folder = read_file(path, keys=KEYS), path.parent
    refuse_scenario(document, str(path))
    spec, faults = spec_of(document)
    if spec is None:
        raise ScenarioError([problem(document, fault, str(path)) for fault in faults])
    elsewhere = Elsewhere(spec.base or "", spec.predicts)
    document, money = in_its_currency(document, spec, base, path)

    shipped = folder.resolve() == library.studies_folder().resolve()
    refuse_unfit(document, base, path.stem, folder, narrowed, not shipped)
    outside = tuple(left_outside(document, base, path.stem, folder, narrowed))

    def fitted(arms_only: bool) -> Study:
        fitting = Fitting(base, path.stem, folder, narrowed, not shipped, arms_only)
        fit = fitting.fit(document, columns_of(document, folder))
        made = study_of(fit.document, base, str(path), folder, path, columns=fit.columns)
        return replace(made, elsewhere=elsewhere, said=(*made.said, *fit.said, *outside, *money))

    try:
        return fitted(arms_only=False)
    except ScenarioError as error:
        if whole:
            raise
        made = fitted(arms_only=True)
        why = "; ".join(one.message for one in error.problems)
        left_out = f"what the study varies is left out, as it does not fit this line ({why})"
        return replace(made, said=(*made.said, Warned(left_out, "W-study-left-out")))
