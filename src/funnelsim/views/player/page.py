"""A replay as one HTML file: it needs no network, leads nowhere, and runs no script but its own.

Names of users stand there as text, and in the data without any ``<`` that could end it (`onefile`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any, NamedTuple

from ..onefile import as_text as _text
from ..onefile import json_block, policy
from ..words import language, numbers, say
from .tape import step_of, tape
from .told import Month, Take, has_filler, has_partners, minute, months

SCRIPTS = ("film.js", "scene.js", "player.js")
"""Parts of one module, in order."""

SPEEDS = {"hour": 60, "hours": 240, "day": 1_440, "week": 10_080, "month": 43_800}
"""Minutes that pass in a second."""

USUAL = "day"

FIGURES = ("won", "open", "lost", "waiting")

TEXTS = (
    *(
        "play",
        "pause",
        "aside",
        "buyer",
        "waiting",
        "working",
        "more",
        "won",
        "lost",
        "counted_from",
        "from_start",
    ),
    *("busy", "people", "busy_today", "closed", "limit_team"),
    *("status.when", "status.arm", "status.difference"),
)
"""Texts that the script fills in."""

GAPS = ("date", "year", "month", "day", "iso", "time", "number", "busy", "people", "share", "team", "value")
NAMES = ("name", "won", "open", "lost", "waiting")


class About(NamedTuple):
    """What is said about a replay.

    Parameters
    ----------
    title : str
        What stands at the top.
    replication : int
        Which one, from 1.
    seed : int
        Of the random numbers.
    made : tuple of str
        Engine, version, and what was laid over.
    """

    title: str
    replication: int
    seed: int
    made: tuple[str, ...]


def page(takes: Sequence[Take], about: About) -> str:
    """The whole file, of one arm or two."""
    step = max(step_of(take.leads) for take in takes)
    tapes = [tape(take.records, take.model, takes[0].shown_team(take), step) for take in takes]
    model = takes[0].model
    told = {
        "lang": language(),
        "start": model.start.isoformat(),
        "minutes": minute(model.horizon),
        "warmup": minute(model.warmup),
        "texts": _texts(),
        "between": say("list.sentence"),
        "arms": [take.to_dict(each) for take, each in zip(takes, tapes, strict=True)],
    }
    notes = list(_notes(takes, about, [(each.shown, each.leads, each.step) for each in tapes]))
    body = "".join(
        (
            f"<header><p class='kicker'>{_say('kicker')}</p><h1>{_text(about.title)}</h1>",
            f"<p class='answer'>{_text(_answer(takes))}</p>",
            *(f"<p class='note'>{_text(note)}</p>" for note in notes),
            "</header>",
            f"<main id='replay'>{_controls(minute(model.horizon))}",
            *(_now(takes), _legend(), _arms(takes), _curve(takes), _by_month(takes), "</main>"),
            f"<footer>{''.join(f'<p>{_text(line)}</p>' for line in about.made)}</footer>",
        )
    )
    return _framed(about.title, body, told)


def _framed(title: str, body: str, told: dict[str, Any]) -> str:
    style = _own("player.css")
    script = "\n".join(_own(name) for name in SCRIPTS)
    return (
        f'<!doctype html>\n<html lang="{language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">\n'
        '<meta name="referrer" content="no-referrer">\n<link rel="icon" href="data:,">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f'<script type="application/json" id="told">{json_block(told)}</script>\n'
        f'<script type="module">{script}</script>\n</body>\n</html>\n'
    )


def _own(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def _say(key: str, **values: object) -> str:
    return _text(say(f"player.{key}", **values))


def _texts() -> dict[str, str]:
    """Texts for the script, their gaps left open."""
    gaps = {name: f"{{{name}}}" for name in (*GAPS, *NAMES)}
    made = {key: say(f"player.{key}", **gaps) for key in TEXTS}
    return made | {"date": say("number.date", **gaps), "percent": say("unit.percent", **gaps)}


# --- words ------------------------------------------------------------------------------------------------------


def _answer(takes: Sequence[Take]) -> str:
    """How it ends."""
    start = takes[0].model.start + dt.timedelta(microseconds=takes[0].model.warmup)
    since = numbers.date(start)
    if len(takes) == 1:
        return say("player.answer.alone", since=since, won=f"{takes[0].won:,}", open=f"{takes[0].open:,}")
    base, other = takes
    return say(
        "player.answer.beside",
        base=base.name,
        other=other.name,
        since=since,
        won=f"{other.won:,}",
        won_base=f"{base.won:,}",
        difference=_signed(other.won - base.won),
        open=_signed(other.open - base.open),
    )


def _signed(value: int) -> str:
    return numbers.with_sign(value, f"{abs(value):,}")


def _notes(takes: Sequence[Take], about: About, drawn: Sequence[tuple[int, int, int]]) -> Iterator[str]:
    yield say("player.note.one_run", replication=f"{about.replication:,}", seed=about.seed)
    if len(takes) > 1:
        yield say("player.note.same_luck")
    shown, leads, step = (max(each) for each in zip(*drawn, strict=True))
    if step > 1:
        yield say("player.note.sample", step=f"{step:,}", shown=f"{shown:,}", leads=f"{leads:,}")
    if step == 1 and has_partners(takes):
        yield say("player.note.partners")
    if step == 1 and has_filler(takes):
        yield say("player.note.filler")


# --- parts ------------------------------------------------------------------------------------------------------


def _controls(end: int) -> str:
    speeds = "".join(
        f"<option value='{minutes}'{' selected' if name == USUAL else ''}>{_say(f'speed.{name}')}</option>"
        for name, minutes in SPEEDS.items()
    )
    return (
        f"<noscript><p class='note'>{_say('no_script')}</p></noscript>"
        f"<section class='bar' data-live hidden aria-label='{_say('controls')}'><div class='buttons'>"
        f"<button id='play' type='button'>{_say('play')}</button>"
        "<p class='clock'><b id='date'></b> <span id='time'></span> "
        f"<span id='warming' class='warming' hidden>{_say('warming')}</span></p>"
        f"<button id='back' type='button'>{_say('back')}</button>"
        f"<button id='on' type='button'>{_say('on')}</button>"
        f"<label>{_say('speed')} <select id='speed'>{speeds}</select></label>"
        f"<button id='read' type='button'>{_say('read')}</button></div>"
        f"<input id='seek' class='seek' type='range' min='0' max='{end}' step='1' "
        f"aria-label='{_say('seek')}'></section>"
        "<p id='status' role='status' aria-live='polite'></p>"
    )


def _now(takes: Sequence[Take]) -> str:
    """Figures at the minute that is shown; without a script those by month are there."""
    several = len(takes) > 1
    rows = [(str(at), take.name if several else say("player.now")) for at, take in enumerate(takes)]
    rows += [("_difference", say("player.difference"))] if several else []
    head = "".join(f"<th scope='col'>{_say(f'figure.{name}')}</th>" for name in FIGURES)
    body = "".join(
        f"<tr><th scope='row'>{_text(title)}</th>"
        + "".join(f"<td id='{name}{row}'></td>" for name in FIGURES)
        + "</tr>"
        for row, title in rows
    )
    return (
        f"<table class='figures' data-live hidden><caption>{_say('figures')}</caption>"
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _arms(takes: Sequence[Take]) -> str:
    heads = [f"<figure><figcaption><h2>{_text(take.name)}</h2></figcaption>" for take in takes]
    labels = [_say("canvas", name=take.name) for take in takes]
    drawn = "".join(
        f"{head}<canvas id='arm{at}' role='img' aria-label='{label}'></canvas></figure>"
        for at, (head, label) in enumerate(zip(heads, labels, strict=True))
    )
    kinds = ["arms", *(["two"] if len(takes) > 1 else [])]
    return f"<div data-live hidden class='{' '.join(kinds)}'>{drawn}</div>"


def _curve(takes: Sequence[Take]) -> str:
    """The queue of what limits the first arm, day by day in each."""
    items = []
    for at, take in enumerate(takes):
        if take.limit is None:
            continue
        said = _followed(take, takes[0].shown_team(take))
        said = say("player.curve.arm", name=take.name, said=said) if len(takes) > 1 else said
        items.append(f"<li>{_icon('dashed' if at else 'solid')}{_text(said)}</li>")
    return (
        f"<figure data-live hidden><figcaption><h2>{_say('curve')}</h2><ul class='legend'>{''.join(items)}</ul>"
        f"</figcaption><canvas id='curve' role='img' aria-label='{_say('curve.canvas')}'></canvas></figure>"
    )


def _followed(take: Take, team: int) -> str:
    """Whose queue is drawn, and what limits the arm."""
    assert take.limit is not None
    label, own = take.model.team_labels[team], take.limit.label
    if team == take.team:
        return say(f"player.curve.{'limit' if take.limit.limits else 'most_loaded'}", team=label)
    return say(f"player.curve.other_{'limit' if take.limit.limits else 'most_loaded'}", team=label, own=own)


ICONS = {
    "waiting": "<circle cx='6' cy='6' r='4.5' fill='#C2571A'/>",
    "working": "<rect x='2' y='2' width='8' height='8' fill='#1F5FA8'/>",
    "buyer": "<circle cx='6' cy='6' r='4' fill='none' stroke='#5B6672' stroke-width='1.6'/>",
    "aside": "<circle cx='6' cy='6' r='4' fill='none' stroke='#7A55A0' stroke-width='1.6'/>",
    "won": "<circle cx='6' cy='6' r='4.5' fill='#25744A'/>",
    "lost": "<path d='M2 2L10 10M10 2L2 10' stroke='#33373C' stroke-width='1.8'/>",
    "person": "<rect x='1.5' y='1.5' width='9' height='9' fill='none' stroke='#1F2D3A' stroke-width='1.5'/>",
    "at_work": "<rect x='1.5' y='1.5' width='9' height='9' fill='#1F2D3A'/>",
    "solid": "<path d='M0 6H12' stroke='#C2571A' stroke-width='2'/>",
    "dashed": "<path d='M0 6H5M7 6H12' stroke='#1F5FA8' stroke-width='2.4'/>",
}
"""Signs as the canvas draws them."""


def _icon(name: str) -> str:
    return f"<svg viewBox='0 0 12 12' aria-hidden='true'>{ICONS[name]}</svg>"


def _legend() -> str:
    names = ("waiting", "working", "buyer", "aside", "won", "lost", "person", "at_work")
    items = "".join(f"<li>{_icon(name)}{_say(f'legend.{name}')}</li>" for name in names)
    return (
        f"<section data-live hidden aria-label='{_say('legend')}'><ul class='legend'>{items}</ul>"
        f"<p class='note'>{_say('keys')}</p></section>"
    )


def _by_month(takes: Sequence[Take]) -> str:
    """Figures by month of each arm, and what one arm has won more up to then."""
    found = [months(take) for take in takes]
    several = len(takes) > 1
    names = ("created", "won", "lost", "open", "waiting")
    groups = "".join(f"<th scope='colgroup' colspan='{len(names)}'>{_text(take.name)}</th>" for take in takes)
    last = f"<th scope='col' rowspan='2'>{_say('month.difference')}</th>" if several else ""
    heads = "".join(f"<th scope='col'{_begins(name)}>{_say(f'month.{name}')}</th>" for name in names) * len(takes)
    first = f"<th scope='col'{' rowspan=2' if several else ''}>{_say('month.first')}</th>"
    head = f"<tr>{first}{groups}{last}</tr><tr>{heads}</tr>" if several else f"<tr>{first}{heads}</tr>"
    rows, ahead = [], 0
    for each in zip(*found, strict=True):
        ahead += each[-1].counted - each[0].counted
        cells = "".join(f"<td{_begins(name)}>{getattr(month, name):,}</td>" for month in each for name in names)
        cells += f"<td>{_text(_signed(ahead))}</td>" if several else ""
        rows.append(f"<tr{_muted(each[0])}><th scope='row'>{_text(numbers.date(each[0].first))}</th>{cells}</tr>")
    return (
        f"<section><h2>{_say('month')}</h2><p class='note'>{_say('month.note')}</p>"
        f"<div class='scrolls' tabindex='0' role='region' aria-label='{_say('month')}'><table>"
        f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody></table></div></section>"
    )


def _begins(name: str) -> str:
    """Sets the first column of an arm apart."""
    return " class='begins'" if name == "created" else ""


def _muted(month: Month) -> str:
    return "" if month.counts else " class='counts-not'"
