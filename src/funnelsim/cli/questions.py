"""What commands are asked, as groups of options (see `grouping`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from funnelsim.errors import FunnelsimError

from .options import Simulated, as_share
from .reasons.parted import Target

Kpis = Annotated[
    list[str] | None,
    typer.Option(
        "--kpi", metavar="KPI", help="What is compared. May be repeated. [default: won, bookings, contribution]"
    ),
]
Indifference = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SHARE|KPI=AMOUNT",
        help="What does not matter, such as 2% or won=5. May be repeated. [default: 1%]",
    ),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="FILE",
        help="Your own line, on which the study is run: what it says of roles is said of your teams and stages.",
    ),
]
RunStore = Annotated[
    Path,
    typer.Option(metavar="STORE", help="The run store: made, or continued if it is there.", dir_okay=False),
]


@dataclass(frozen=True)
class Sampled:
    """How many replications of one scenario."""

    replications: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="How many replications. [default: what --precision needs, at least 10]"
        ),
    ] = None
    precision: Annotated[
        float | None,
        typer.Option(
            parser=as_share,
            metavar="SHARE",
            help="Half-width of the interval of the main KPI. [default: 5%, unless --replications is given]",
        ),
    ] = None
    kpi: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KPI",
            help="The KPIs whose precision is asked for and told. May be repeated. [default: won]",
        ),
    ] = None


@dataclass(frozen=True)
class Logged:
    """The event log of a run."""

    events: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the event log there.", dir_okay=False)
    ] = None
    event_format: Annotated[
        str | None,
        typer.Option(metavar="FORMAT", help="pm (process mining), animation or xes. [default: pm]"),
    ] = None

    def __post_init__(self) -> None:
        if self.event_format is not None and self.events is None:
            raise FunnelsimError(
                "--event-format says how --events FILE is written; give both", code="E-option-useless"
            )


@dataclass(frozen=True)
class Arms:
    """Scenarios side by side."""

    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Scenario files or names of templates, or one study."),
    ]
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LEVER[@DOSE]",
            help="Compare with the first file under this lever; join levers with + to use them together. "
            "May be repeated.",
        ),
    ] = None
    arm: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME:]PATH=VALUE", help="Compare with the first file so changed. May be repeated."),
    ] = None
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value in all. May be repeated."),
    ] = None
    at: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FACTOR=VALUE",
            help="Of a study, where its arms are compared: a value of something it varies. May be repeated. "
            "[default: as it is in the base]",
        ),
    ] = None
    on: On = None


@dataclass(frozen=True)
class Asked:
    """What a comparison is asked."""

    kpi: Kpis = None
    base: Annotated[
        str | None, typer.Option(metavar="NAME", help="What the others are compared with. [default: the first]")
    ] = None
    replications: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="How many of each. [default: until every difference is decided]"),
    ] = None
    precision: Annotated[
        float | None,
        typer.Option(
            parser=as_share,
            metavar="SHARE",
            help="Go on until each difference is known to this, such as 2%.",
        ),
    ] = None
    indifference: Indifference = None
    same: Annotated[
        str | None,
        typer.Option(
            metavar="people|people:own|budget",
            help="Refuse scenarios that do not have the same planned people, or the same pay for them. "
            "[default: what the study says]",
        ),
    ] = None
    fates: Annotated[
        bool,
        typer.Option("--fates", help="Say what became of the same leads in each; takes as many runs once more."),
    ] = False
    causes: Annotated[bool, typer.Option("--causes", help="Say why they differ, by cause; takes many runs.")] = (
        False
    )


@dataclass(frozen=True)
class Steps:
    """What a diagnosis is asked."""

    replications: Annotated[int, typer.Option(min=2, metavar="N", help="How many of each scenario.")] = 10
    tolerance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="STAGE=SHARE",
            help="The least share that should go on there. May be repeated. [default: 5 % below the file]",
        ),
    ] = None
    equation: Annotated[bool, typer.Option(help="Whether to simulate the terms of the revenue equation.")] = True


@dataclass(frozen=True)
class Swept:
    """What a sweep is asked."""

    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of a shipped study.")]
    out: RunStore
    replications: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of each point. [default: what the study says, or 10]")
    ] = None
    on: On = None


@dataclass(frozen=True)
class Sought:
    """What an optimisation is asked."""

    study: Annotated[
        str,
        typer.Argument(metavar="STUDY", help="A study file with `maximise` or `minimise`, or the name of one."),
    ]
    out: RunStore
    trials: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="N",
            help="Points that the search tries; no more than that, and each is tried. [default: what the study "
            "says, or 64]",
        ),
    ] = None
    confidence: Annotated[
        float,
        typer.Option(
            parser=as_share,
            metavar="SHARE",
            help="How probable the right choice is, if the best leads by what matters.",
        ),
    ] = 0.95
    on: On = None


@dataclass(frozen=True)
class Wanted:
    """What the best of several is to be best in, and how sure that is to be."""

    kpi: Annotated[str, typer.Option(metavar="KPI", help="By what the best is chosen.")] = "won"
    target: Target = None
    indifference: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE|AMOUNT",
            help="The lead that matters: a share of the first scenario's figure, or an amount in the KPI's unit. "
            "[default: 1%]",
        ),
    ] = None
    confidence: Annotated[
        float | None,
        typer.Option(
            parser=as_share,
            metavar="SHARE",
            help="How probable the right choice is, if the best leads by that. [default: 95%]",
        ),
    ] = None
    budget: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Spend this many replications where they tell most, and promise nothing."
        ),
    ] = None

    def __post_init__(self) -> None:
        given = {"--indifference": self.indifference, "--confidence": self.confidence}
        idle = " and ".join(option for option, value in given.items() if value is not None)
        if self.budget is not None and idle:
            raise FunnelsimError(
                f"--budget promises nothing, so {idle} would have no effect; give one or the other",
                code="E-option-useless",
            )


@dataclass(frozen=True)
class Filling:
    """How the warm-up is looked for."""

    replications: Annotated[int, typer.Option(min=1, metavar="N", help="How many replications are averaged.")] = 10
    batch: Annotated[
        int,
        typer.Option(
            min=1, metavar="DAYS", help="Days in one average. With weekly calendars, 7 keeps weekends out of it."
        ),
    ] = 5


@dataclass(frozen=True)
class Varied(Simulated):
    """A scenario of which something is varied, or a study that says so."""

    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A scenario or a study: a file, or the name of a shipped one.")
    ]


@dataclass(frozen=True)
class Factors:
    """What is varied, and what is looked at."""

    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH=RANGE",
            help="A factor, as in 'teams.desk.headcount={from: 3, to: 6}' or 'teams.desk.queue=[fifo, lifo]'. "
            "May be repeated. [default: those of the study, or the terms of the revenue equation]",
        ),
    ] = None
    kpi: Annotated[
        str | None,
        typer.Option(
            metavar="KPI", help="What is looked at. [default: the first of the study; else revenue, or won]"
        ),
    ] = None
    method: Annotated[
        str | None,
        typer.Option(
            metavar="METHOD",
            help="tornado (one factor at a time), sobol (shares of the variance) or morris (screening of many "
            "factors). [default: sobol where factors are given, else tornado]",
        ),
    ] = None
    points: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="N",
            help="Sobol: a power of two; it takes so many times (factors + 2) scenarios. Morris: ways through "
            "the ranges. [default: 64, or 20]",
        ),
    ] = None
    replications: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Of each scenario. [default: 4; tornado: 10]")
    ] = None
    on: On = None
