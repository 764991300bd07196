"""What a lever file holds: its keys, and what their values may be."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field

from ..forms.base import Fault, Form, FormError, Names, found
from ..forms.entry import Entry
from ..forms.names import NamedRatesForm
from ..forms.plain import TextForm
from ..forms.roles import GROUPS
from . import fields as f
from .evidence import Evidence
from .texts import Texts, TextsForm, shown

ADDED = ("calendars", *GROUPS)
"""Groups in which a lever may make an entry."""

Group = Literal["kpi", "handoff", "tools", "people", "rules", "market", "customers", "design", "other"]
LEVER_GROUPS: tuple[str, ...] = get_args(Group)
"""What levers are about, in the order of a list."""

PEOPLE = "people"
"""What `dose.is` says where a dose counts people."""

HALF = 0.5
"""The steps in which such a dose goes unless the lever says others: somebody may be hired for half of a post."""


class OfLever(str):
    """What is said of a lever: ``lever cpq: Quotes from a tool``, as text in the first language that it has.

    Parameters
    ----------
    lever : str
        The lever, with its dose and what it is narrowed to.
    texts : dict
        What is said, by language; empty if nothing but the name.
    when : tuple of str
        From when and until when it holds, if that is the time of a phase.
    places : tuple of str
        The paths of the sources, teams and stages that it made or changed, where that is known.
    """

    lever: str
    texts: dict[str, str]
    when: tuple[str, ...]
    places: tuple[str, ...]

    def __new__(
        cls, lever: str, texts: dict[str, str], when: tuple[str, ...] = (), places: tuple[str, ...] = ()
    ) -> OfLever:
        parts = (f"from {' to '.join(when)}" if when else "", f"lever {lever}", shown(texts))
        made = super().__new__(cls, ": ".join(part for part in parts if part))
        made.lever, made.texts, made.when, made.places = lever, texts, when, places
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.lever, self.texts, self.when, self.places

    def held(self, when: tuple[str, ...]) -> OfLever:
        """The same for the time of a phase."""
        return OfLever(self.lever, self.texts, when, self.places)

    def at(self, places: tuple[str, ...]) -> OfLever:
        """The same with the places that it changed."""
        return OfLever(self.lever, self.texts, self.when, places)


class EntriesForm(Form[tuple[tuple[str, str], ...]]):
    """Entries by group and name: ``[teams.outsourced]``."""

    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[tuple[str, str], ...]:
        read = []
        for index, each in enumerate(raw if isinstance(raw, list) else [raw]):
            group, dot, name = str(each).partition(".")
            if not isinstance(each, str) or not dot or group not in ADDED or not name or "." in name:
                said = f"expected an entry such as teams.outsourced (of {', '.join(ADDED)}), found {found(each)}"
                raise FormError(Fault(said, (index,) if isinstance(raw, list) else (), code="E-value-entry"))
            read.append((group, name))
        return tuple(read)

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        one = {"type": "string", "pattern": rf"^({'|'.join(ADDED)})\.[^.]+$"}
        return {"anyOf": [one, {"type": "array", "items": one}]}


class SentencesForm(Form[dict[str, dict[str, str]]]):
    """Paths with a sentence each, in one language or several."""

    def read(self, raw: Any, names: Names) -> dict[str, dict[str, str]]:
        if not isinstance(raw, dict):
            raise FormError(f"expected a mapping of paths to sentences, found {found(raw)}", code="E-value-shape")
        return {path: TextsForm().read(said, names) for path, said in raw.items()}

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": TextsForm().schema(defs)}


class PathsForm(Form[tuple[str, ...]]):
    """One path or a list of paths."""

    made: ClassVar[tuple[type, ...]] = (tuple,)

    def read(self, raw: Any, names: Names) -> tuple[str, ...]:
        return tuple(TextForm().read(each, names) for each in (raw if isinstance(raw, list) else [raw]))

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


Entries = Annotated[tuple[tuple[str, str], ...], EntriesForm()]
Sentences = Annotated[dict[str, dict[str, str]], SentencesForm()]
Paths = Annotated[tuple[str, ...], PathsForm()]


class Dose(Entry):
    """What a dose is, and how far it may go."""

    main: ClassVar[tuple[str, ...]] = ("default",)

    is_: f.Text = Field(default="share of the way", alias="is")  # what it measures, or `people`
    least: f.NonNegative = 0.0  # least dose
    most: f.Positive = 1.0  # largest dose
    step: f.OptionalNumber = None  # `people`: 0.5
    default: f.NonNegative = 1.0  # where no dose is given

    def check(self) -> None:
        """Raise `FormError` if the bounds contradict each other."""
        if not self.least <= self.default <= self.most:
            said = (
                f"`least <= default <= most` must hold, but got ({self.least:g}, {self.default:g}, {self.most:g})"
            )
            raise FormError(said, code="E-order")
        if self.most > 1 and self.is_ != PEOPLE:
            raise FormError(
                f"`most <= 1` must hold unless the dose is `{PEOPLE}`, but got ({self.most:g})",
                code="E-dose-range",
            )


class Expected(Entry):
    """What is expected of a lever on the reference company; a test of the library runs it."""

    kpi: f.Text  # which figure
    expect: Literal["up", "down", "same"]  # up, down or none
    at: f.Fragment = Field(default_factory=dict)  # what is laid over the company before
    because: Texts = Field(default_factory=dict)  # why


class Lever(Entry):
    """A named, reversible change to a scenario: a hire, a tool, a KPI, a handoff mode."""

    lever: f.Text  # its name
    group: Group = "other"  # what it is about
    title: Texts = Field(default_factory=dict)  # one line on what it is, in a language or several
    question: Texts = Field(default_factory=dict)  # the question it answers
    description: Texts = Field(default_factory=dict)  # what it stands for
    mechanisms: Paths = ()  # rows of docs/mechanisms.md
    needs: Paths = ()  # what a line must have for it
    adds: Entries = ()  # the entries that it makes
    one_of: Paths = ()  # what there is one of at a time: levers with a word in common exclude each other
    assumes: Sentences = Field(default_factory=dict)  # properties without which it shows one side only, and why
    dose: Dose = Dose()  # how much of it, where there is a choice
    whole: Paths = ()  # paths that take their new value at any dose
    evidence: Evidence = Field(default_factory=dict)  # how its numbers are known: grade, source and range by path
    expect: tuple[Expected, ...] = ()  # what it is expected to do on the reference company
    costs: f.Fragment = Field(default_factory=dict)  # paid whole at any dose above 0: money per time, or paths
    change: f.Fragment  # what is laid over the scenario
    if_present: f.Fragment = Field(default_factory=dict)  # the same, of which what finds nothing is left out
    if_absent: f.Fragment = Field(default_factory=dict)  # the same, of which what is there already is left out

    def check(self) -> None:
        """Raise `FormError` if a cost is no money per time."""
        named = {name: cost for name, cost in self.costs.items() if "." not in name}
        try:
            NamedRatesForm().read(named, Names())
        except FormError as wrong:
            raise FormError(*(fault.under(("costs",)) for fault in wrong.faults)) from None
