"""Pictures of a diagnosis: what each change brings through the line, who was the limit when, and the tornado."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from funnelsim.experiments.diagnosis.candidates import LEADS
from funnelsim.experiments.statistics.paired import Verdict
from funnelsim.experiments.study.question import less_is_better

from ..sentences.changes import change_name
from ..sentences.diagnosis import Names, head
from ..sentences.figures import kpi_name
from ..sentences.tornado import end, factor
from ..words import numbers, say
from . import style

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.judging import Finding
    from funnelsim.experiments.diagnosis.result import Diagnosis, Focus, Place
    from funnelsim.experiments.diagnosis.throughput import Trial
    from funnelsim.experiments.sensitivity.tornado import Bar, Tornado

WIDTH = 10.4
NAMES = 4.4
"""Inches for the names of changes."""
FACTORS = 3.2
"""Inches for the names of factors in a tornado, at most."""
WORDS = 1.75
"""Inches for figures on the right."""
ROW, HEAD, TOP, STRIP = 0.27, 0.42, 1.15, 0.72
"""Inches of a row, of the head of a step, above the first step, and of a strip of weeks."""
FURTHER = 0.15
"""Inches of a further line of a name."""
LEGEND = 0.19
"""Inches of a further row of what the colours of a strip mean."""
MORE, LESS = "#2F7D6B", style.LIMIT


def steps(diagnosis: Diagnosis) -> Figure:
    """Draw the steps of a diagnosis."""
    places = [diagnosis.place, *([diagnosis.after] if diagnosis.after is not None else [])]
    rows = sum(_height(each) for focus in diagnosis.focus for each in focus.trials)
    height = TOP + sum(_strip(place, diagnosis) for place in places) + HEAD * len(diagnosis.focus) + rows + 0.35
    figure, page = style.canvas(WIDTH, height)
    model = diagnosis.base.model
    who = say("picture.diagnosis.head", who=Names(diagnosis).all(diagnosis.place.limit.names))
    style.write(page, 0.25, height - 0.38, style.fit(who, WIDTH - 0.5, 14, bold=True), 14, bold=True)
    style.write(page, 0.25, height - 0.62, style.fit(model.spec.name, WIDTH - 0.5, 9.5), 9.5)
    said = say("picture.diagnosis.said", counted=diagnosis.counted)
    style.write(page, 0.25, height - 0.83, style.fit(said, WIDTH - 0.5, 8), 8, style.MUTED)
    y = height - TOP
    y = _weeks(page, y, diagnosis.place, diagnosis, _strip_name(diagnosis.place))
    reach = max((_reach(each) for focus in diagnosis.focus for each in focus.trials), default=0.1)
    for focus in diagnosis.focus:
        if focus.name == "next" and diagnosis.after is not None:
            same = say("picture.diagnosis.weeks.after", change=_shown(change_name(diagnosis.after.change)))
            y = _weeks(page, y, diagnosis.after, diagnosis, same)
        y = _focus(page, y, focus, reach)
    return figure


def _strip_name(place: Place) -> str:
    """What the colours of a strip say: where demand limits the line, a team without hours left is no limit."""
    return say(f"picture.diagnosis.weeks.{'no_hours' if LEADS in place.limit.names else 'limit'}")


def _shown(label: str) -> str:
    return label.replace("_", " ")


def _weeks(page: Axes, top: float, place: Place, diagnosis: Diagnosis, title: str) -> float:
    """A strip with a stretch for each week of one replication, and the shares over all beside their colours."""
    style.write(page, 0.25, top - 0.12, style.fit(title, NAMES - 0.4, 9.5, lines=2, bold=True), 9.5, bold=True)
    names, line = diagnosis.base.model.team_names, place.time.timeline
    room, at = WIDTH - NAMES - 0.25, 0
    page.add_patch(Rectangle((NAMES, top - 0.2), room, 0.24, color=style.HAIRLINE, lw=0))
    for team, stretch in groupby(line):
        length = len(list(stretch))
        if team is not None:
            x, width = NAMES + room * at / len(line), room * length / len(line)
            colour = style.team_colour(names.index(team))
            page.add_patch(Rectangle((x, top - 0.2), width, 0.24, color=colour, lw=0))
        at += length
    _legend(page, top, place, diagnosis)
    return top - _strip(place, diagnosis)


def _legend(page: Axes, top: float, place: Place, diagnosis: Diagnosis) -> None:
    """Teams that were the limit in any week, with their shares."""
    y = top - 0.44
    for row in _entries(place, diagnosis):
        x = NAMES
        for text, colour in row:
            page.add_patch(Rectangle((x, y - 0.01), 0.11, 0.11, color=colour, lw=0))
            x = style.write(page, x + 0.17, y, text, 8) + 0.22
        y -= LEGEND


def _entries(place: Place, diagnosis: Diagnosis) -> list[list[tuple[str, str]]]:
    """What a legend says, each with its colour, in as many rows as that takes."""
    names = diagnosis.base.model.team_names
    labels = dict(zip(names, diagnosis.base.model.team_labels, strict=True))
    told = [
        (_shown(labels[name]), style.team_colour(place_), place.time.teams[name])
        for place_, name in enumerate(names)
        if place.time.teams[name] > 0
    ]
    told.append((say("picture.diagnosis.no_team"), style.HAIRLINE, place.time.nobody))
    room = WIDTH - NAMES - 0.25
    rows: list[list[tuple[str, str]]] = [[]]
    left = room
    for label, colour, share in told:
        text = f"{style.fit(label, room - 0.85, 8)} {numbers.percent(share)}"
        width = style.widest([text], 8) + 0.39
        if rows[-1] and width > left:
            rows.append([])
            left = room
        rows[-1].append((text, colour))
        left -= width
    return rows


def _strip(place: Place, diagnosis: Diagnosis) -> float:
    """Inches that a strip of weeks takes with its legend."""
    return STRIP + LEGEND * (len(_entries(place, diagnosis)) - 1)


def _focus(page: Axes, top: float, focus: Focus, reach: float) -> float:
    """One step: its head, and a row a change."""
    y = top - 0.1
    style.write(page, 0.25, y, head(focus.name), 10, bold=True)
    rows = sum(_height(each) for each in focus.trials)
    bottom = y - 0.12 - rows
    left, room = NAMES, WIDTH - NAMES - WORDS
    page.add_patch(Rectangle((left, bottom), room, rows, color=style.PANEL, lw=0))
    zero = left + room / 2
    scale = room / 2 / reach
    page.plot([zero, zero], [bottom, bottom + rows], color=style.INK, lw=0.8)
    top = y - 0.12
    for each in focus.trials:
        _row(page, each, zero, scale, top - _height(each) / 2)
        top -= _height(each)
    return bottom - (HEAD - 0.22)


def _height(each: Trial) -> float:
    """Inches of the row of a change."""
    return ROW + FURTHER * _name(each).count("\n")


def _row(page: Axes, each: Trial, zero: float, scale: float, y: float) -> None:
    colour = _colour(each.through)
    name = _name(each)
    style.write(page, 0.25, y - 0.04 + 0.08 * name.count("\n"), name, 8.5)
    mean, base = each.through.difference.mean, abs(each.through.base.mean or 0.0)
    if mean is None or not base:
        return
    width = mean / base * scale
    page.add_patch(Rectangle((min(zero, zero + width), y - 0.075), abs(width), 0.15, color=colour, lw=0, zorder=2))
    if each.through.low is not None and each.through.high is not None:
        ends = [zero + each.through.low / base * scale, zero + each.through.high / base * scale]
        page.plot(ends, [y, y], color=style.INK, lw=0.9, zorder=3)
    said = numbers.with_sign(each.share, numbers.percent(abs(each.share)))
    if each.through.verdict in (Verdict.OPEN, Verdict.SAME, Verdict.STEADY):
        said = say(f"picture.diagnosis.{each.through.verdict.name.lower()}", share=said)
    style.write(
        page, WIDTH - WORDS + 0.12, y - 0.04, said, 8, style.MUTED if colour == style.AUTOMATED else colour
    )


def _name(each: Trial) -> str:
    """The name of a change, in two lines where one is too short."""
    return style.fit(_shown(change_name(each.name)), NAMES - 0.35, 8.5, lines=2)


def _reach(each: Trial) -> float:
    base = abs(each.through.base.mean or 0.0)
    ends = [x for x in (each.through.low, each.through.high, each.through.difference.mean) if x is not None]
    return 1.05 * max(map(abs, ends)) / base if base and ends and any(ends) else 0.05


def _colour(finding: Finding, better: bool = True) -> str:
    if finding.verdict is Verdict.MORE:
        return MORE if better else LESS
    if finding.verdict is Verdict.LESS:
        return LESS if better else MORE
    return style.AUTOMATED


def tornado(equation: Tornado) -> Figure:
    """Draw the terms of the revenue equation, or factors with ranges of their own, the strongest on top."""
    height = 1.15 + 0.5 * len(equation.bars)
    figure, page = style.canvas(WIDTH, height)
    style.write(page, 0.25, height - 0.38, _tornado_head(equation), 14, bold=True)
    said = say("picture.tornado.said", replications=equation.replications)
    style.write(page, 0.25, height - 0.66, said, 8, style.MUTED)
    names = style.column([factor(bar) for bar in equation.bars], 9.5, FACTORS, least=0.4, bold=True)
    left = names + 1.2
    room = WIDTH - left - 1.6
    reach = max((_far(bar) for bar in equation.bars), default=0.1) or 0.1
    zero, scale = left + room / 2, room / 2 / reach
    for number, bar in enumerate(equation.bars):
        y = height - 1.05 - 0.5 * number
        style.write(page, 0.25, y - 0.04, style.fit(factor(bar), names, 9.5, bold=True), 9.5, bold=True)
        for shift, side, each in ((0.1, bar.ends[0], bar.less), (-0.1, bar.ends[1], bar.more)):
            if each is not None:
                _term(page, each, (zero, scale, y + shift), end(side), not less_is_better(equation.kpi))
    page.plot([zero, zero], [0.2, height - 0.85], color=style.INK, lw=0.8)
    return figure


def _tornado_head(equation: Tornado) -> str:
    kpi = kpi_name(equation.kpi)
    if equation.share is None:
        return say("picture.tornado.head", kpi=kpi)
    return say("picture.tornado.head_share", share=f"{equation.share * 100:.3g}", kpi=kpi)


def _term(page: Axes, each: Finding, where: tuple[float, float, float], side: str, better: bool) -> None:
    zero, scale, y = where
    if each.share is None:
        return
    width = each.share * scale
    colour = _colour(each, better)
    page.add_patch(Rectangle((min(zero, zero + width), y - 0.08), abs(width), 0.16, color=colour, lw=0))
    base = abs(each.base.mean or 0.0)
    ends = [zero + (x or 0.0) / base * scale for x in (each.low, each.high)]
    page.plot(ends, [y, y], color=style.INK, lw=0.8)
    share = numbers.with_sign(each.share, numbers.percent(abs(each.share)))
    text = say("picture.tornado.end", side=side, share=share)
    right = width >= 0
    style.write(
        page,
        max(ends) + 0.08 if right else min(ends) - 0.08,
        y - 0.04,
        text,
        8,
        style.MUTED,
        align="left" if right else "right",
    )


def _far(bar: Bar) -> float:
    """How far a term reaches, as a share of the base."""
    found = []
    for each in (bar.less, bar.more):
        if each is not None and each.base.mean:
            found += [abs(x) / abs(each.base.mean) for x in (each.low, each.high) if x is not None]
    return max(found, default=0.0)
