"""What no CRM knows, and people must bring: the file of assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from funnelsim.errors import ScenarioError
from funnelsim.scenario.forms.base import Fault, Names, faults_of, undefined
from funnelsim.scenario.forms.entry import Entry
from funnelsim.scenario.language import fields as f
from funnelsim.scenario.language.supply import Calendar
from funnelsim.scenario.reading.document import Block, block, plain, problem
from funnelsim.scenario.reading.reader import read_file

from .doubtful import Doubtful, DoubtfulForm

Effort = Annotated[Doubtful, DoubtfulForm(effort=True)]
Share = Annotated[Doubtful, DoubtfulForm(effort=False)]


class Assumptions(Entry):
    """What is assumed of the firm, by the names of its stages and teams.

    Each may end with how far it may be off: ``90 min ± 30 %``, ``0.35 ± 0.1``; that becomes part of the draws.
    """

    effort: dict[str, Effort] = Field(default_factory=dict)  # working time of one touch, by stage
    selling_share: dict[str, Share] = Field(default_factory=dict)  # share of working hours on leads, by team
    utilisation: dict[str, Share] = Field(default_factory=dict)  # believed load, by team, in place of efforts
    headcount: dict[str, f.PositiveCount] = Field(default_factory=dict)  # people at the end of the data, by team
    calendar: Calendar | None = None  # when people work; default: Monday to Friday, 9 to 18 with a break
    gross_margin: f.OptionalShare = None  # what is left of revenue after the cost of what is sold


KEYS = "effort, selling_share, utilisation, headcount, calendar"
"""Keys of a file of assumptions, for messages."""


@dataclass(frozen=True)
class Assumed:
    """Assumptions with the document that they stand in, so that messages can say where."""

    spec: Assumptions
    document: Block
    file: str = ""

    @property
    def calendar(self) -> dict[str, Any] | None:
        """The calendar as it was written."""
        written = self.document.get("calendar")
        return None if written is None else dict(plain(written))

    def check_names(self, stages: tuple[str, ...], teams: tuple[str, ...]) -> None:
        """Refuse what is said of a stage or a team that the history does not have.

        Raises
        ------
        ScenarioError
            With the place of each such name.
        """
        known = {"effort": ("stage", stages)}
        known.update(dict.fromkeys(("selling_share", "utilisation", "headcount"), ("team", teams)))
        problems = [
            problem(self.document, undefined(what, name, names, key=True).under((group, name)), self.file)
            for group, (what, names) in known.items()
            for name in getattr(self.spec, group)
            if name not in names
        ]
        both = [team for team in self.spec.utilisation if team in self.spec.selling_share]
        if both:
            said = "a team's believed load stands in place of its selling share; leave one of them out"
            problems += [
                problem(self.document, Fault(said, ("utilisation", team), code="E-key-conflict"), self.file)
                for team in both
            ]
        if problems:
            raise ScenarioError(problems)


NOTHING = Assumed(Assumptions.model_construct(), Block())
"""Where nothing is assumed."""


def read_assumptions(of: Assumptions | Assumed | Path | str | Mapping[str, Any] | None) -> Assumed:
    """Assumptions from a file, or from plain values as a file would hold them.

    Raises
    ------
    ScenarioError
        With everything that is wrong, and where.
    """
    if of is None:
        return NOTHING
    if isinstance(of, Assumed):
        return of
    if isinstance(of, Assumptions):
        return Assumed(of, Block())
    if isinstance(of, Mapping):
        document, file = block(of), ""
    else:
        document, file = read_file(Path(of), None, KEYS), str(of)
    try:
        spec = Assumptions.model_validate(document, context=Names())
    except ValidationError as error:
        raise ScenarioError([problem(document, fault, file) for fault in faults_of(error)]) from None
    return Assumed(spec, document, file)
