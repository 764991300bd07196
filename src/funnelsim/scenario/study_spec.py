"""What a study file holds: its keys, and what their values may be."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from . import fields as f
from .forms.entry import Entry
from .study_forms import ArmForm, Design, DesignForm, Levels, LevelsForm

BASE = "base"
"""Name of the arm in which nothing is changed."""

Arm = Annotated[tuple[Any, ...], ArmForm()]
LevelsField = Annotated[Levels, LevelsForm()]
DesignField = Annotated[Design, DesignForm()]


class Prediction(Entry):
    """What is expected of an arm against another, to be compared with what comes out."""

    arm: f.Text
    against: f.Text = BASE  # the arm it is compared with
    kpi: f.Text
    expect: Literal["up", "down", "same"]
    at: f.Fragment = Field(default_factory=dict)  # the values of factors for which it is expected


class StudySpec(Entry):
    """A study as a file holds it."""

    study: f.Text = ""  # its name
    question: f.Text = ""  # what it is to answer
    description: f.Text = ""
    base: f.OptionalText = None  # a shipped template (no suffix), or a scenario file in the same folder
    arms: dict[str, Arm] = Field(
        default_factory=dict
    )  # levers and changes by name of the arm; `base` is always there
    vary: dict[str, LevelsField] = Field(default_factory=dict)  # values of paths, or doses of levers
    design: DesignField = Design()  # grid, lhs, sobol, or a table of points
    replications: f.OptionalPositiveCount = None  # of each point
    kpis: tuple[f.Text, ...] = ()  # those of interest; all are kept
    predicts: tuple[Prediction, ...] = ()


Row = tuple[str | None, dict[str, Any]]
"""A row of a table of points: an arm, or None for each of them, and the values of the factors."""
