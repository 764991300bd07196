"""What a study file holds: its keys, and what their values may be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from ..forms.base import Fault, FormError
from ..forms.entry import Entry
from ..language import fields as f
from ..language.texts import Texts
from .forms import ArmForm, Design, DesignForm, Levels, LevelsForm
from .goals import Amount, AmountOfForm

BASE = "base"
"""Name of the arm in which nothing is changed."""

Arm = Annotated[tuple[Any, ...], ArmForm()]
LevelsField = Annotated[Levels, LevelsForm()]
DesignField = Annotated[Design, DesignForm()]
OptionalAmount = Annotated[Amount | None, AmountOfForm()]
OptionalBudget = Annotated[
    Amount | None, AmountOfForm(("number", "rate"), "an amount of money such as 1_500_000 / y", low=0, above=0)
]
OptionalZone = Annotated[
    Amount | None, AmountOfForm(("number", "share", "time"), "an amount such as 2 %, 50_000 or 1 h", low=0)
]


class Prediction(Entry):
    """What is expected of an arm against another, to be compared with what comes out."""

    arm: f.Text  # of which arm
    against: f.Text = BASE  # the arm it is compared with
    kpi: f.Text  # of which figure
    expect: Literal["up", "down", "same"]  # what is expected of it
    at: f.Fragment = Field(default_factory=dict)  # the values of factors for which it is expected
    flip: f.Flag = False  # whether it says when the answer turns, and not what the answer is
    because: Texts = Field(default_factory=dict)  # why


class Bounds(Entry):
    """What a KPI must keep to."""

    at_most: OptionalAmount = None  # the largest value allowed
    at_least: OptionalAmount = None  # the least value allowed

    def check(self) -> None:
        if self.at_most is None and self.at_least is None:
            raise FormError("give at_most, at_least or both", code="E-key-incomplete")
        most, least = self.at_most, self.at_least
        if most is not None and least is not None and most.kind == least.kind and least.value > most.value:
            said = f"at least {least.text} and at most {most.text} exclude each other"
            raise FormError(Fault(said, ("at_least",), code="E-order"))


class StudySpec(Entry):
    """A study as a file holds it."""

    study: f.Text = ""  # its name
    question: Texts = Field(default_factory=dict)  # what it is to answer, in a language or several
    description: Texts = Field(default_factory=dict)  # what it is about, in a language or several
    base: f.OptionalText = None  # a shipped template (no suffix), or a scenario file in the same folder
    set: f.Fragment = Field(default_factory=dict)  # a change of the base, and so of all arms
    arms: dict[str, Arm] = Field(
        default_factory=dict
    )  # levers and changes by name of the arm; `base` is always there
    vary: dict[str, LevelsField] = Field(
        default_factory=dict
    )  # values of paths, or doses of levers; one value holds everywhere
    design: DesignField = Design()  # grid, lhs, sobol, search, or a table of points
    replications: f.OptionalPositiveCount = None  # of each point
    kpis: tuple[f.Text, ...] = ()  # those of interest; all are kept
    predicts: tuple[Prediction, ...] = ()  # what is expected, and checked by `compare`
    maximise: f.OptionalText = None  # the KPI of which `optimise` looks for the most
    minimise: f.OptionalText = None  # the KPI of which `optimise` looks for the least
    budget: OptionalBudget = None  # what `cost` may be at most, such as 1_500_000 / y
    constraints: dict[str, Bounds] = Field(default_factory=dict)  # what KPIs must keep to
    same: Literal["people", "people:own", "budget"] | None = None  # what all arms must have in common
    indifference: OptionalZone = None  # the difference that does not matter: 2 % of the best, or an amount

    @property
    def currencies(self) -> tuple[str, ...]:
        """The codes of currencies that its amounts name."""
        bounds = (amount for each in self.constraints.values() for amount in (each.at_most, each.at_least))
        amounts = (self.budget, self.indifference, *bounds)
        return tuple(amount.currency for amount in amounts if amount is not None and amount.currency)

    def check(self) -> None:
        if self.maximise is not None and self.minimise is not None:
            raise FormError(
                Fault(
                    "give either `maximise` or `minimise`, not both",
                    ("minimise",),
                    key=True,
                    code="E-key-conflict",
                )
            )
        if self.budget is not None and (bounds := self.constraints.get("cost")) and bounds.at_most is not None:
            raise FormError(
                Fault(
                    "`budget` says this already; remove one of them",
                    ("constraints", "cost"),
                    code="E-key-conflict",
                )
            )


Row = tuple[str | None, dict[str, Any]]
"""A row of a table of points: an arm, or None for each of them, and the values of the factors."""
