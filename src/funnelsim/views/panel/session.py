"""What the panel is told by any host: its controls and texts, and line by line the answers to questions."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.experiments.asking.answers import STEPS, Asker
from funnelsim.experiments.asking.limits import beyond, unusual
from funnelsim.experiments.asking.offered import Offered, offered
from funnelsim.experiments.asking.question import Moved, as_lever, moved, scenario_of
from funnelsim.scenario.scenario import Scenario

from ..words import clauses, language, say, speaking
from . import names, told
from .refusals import RefusedError, refusal

if TYPE_CHECKING:
    from funnelsim.experiments.asking.answers import Answer
    from funnelsim.experiments.asking.controls import Control

LONG = 30
"""Seconds of compiling from which on a wait is called long."""

LEVER_FILE = "what_if.yaml"
"""What the file of a kept lever is called."""

DRAWN = (4, STEPS[-1])
"""Replications after which the line is drawn, beside the last answer."""

TEXTS = (
    *("heading", "intro", "controls", "more_controls", "search", "none_found", "moved", "nothing_moved", "undo"),
    *("undo_all", "save", "figures", "figure", "today", "asked", "difference", "bar_legend"),
    *(
        "line",
        "line_today",
        "sure",
        "computing",
        "waiting",
        "busy",
        "lost",
        "compiling",
        "not_computed",
        "on",
        "off",
        "unread",
        "wide",
    ),
)
"""Texts that the panel shows itself."""


class Question(NamedTuple):
    """What is moved, and the scenario that it makes."""

    moved: tuple[Moved, ...]
    asked: Scenario


class Session:
    """One line, with the questions that are asked of it.

    Parameters
    ----------
    line : Scenario
        Today's.
    lang : {"en", "ja"}, optional
        What all texts are in; by default the language in force.
    seed : int
        Of all replications.
    file : str
        The file of the line, as it is named in commands.

    Raises
    ------
    FunnelsimError
        If the line is too large to wait for.
    """

    def __init__(self, line: Scenario, lang: str | None = None, seed: int = 1, file: str = "FILE") -> None:
        self.lang = language(lang)
        self.line = line
        self.seed = seed
        self._asker = Asker(line, seed)
        self._offered: Offered | None = None
        self._lock = Lock()
        self.names = names.Names(line.roles, line.spec.currency)
        self.file = file

    @property
    def _controls(self) -> Offered:
        """The controls; to find the levers that fit takes a second or two."""
        with self._lock:
            if self._offered is None:
                self._offered = offered(self.line)
            return self._offered

    @property
    def open_controls(self) -> list[Control]:
        """Those that are open at first."""
        return [self._controls.by_name[name] for name in self._controls.open]

    def describe(self) -> dict[str, Any]:
        """Controls and texts: what the panel needs before the first question."""
        with speaking(self.lang):
            return {
                "lang": self.lang,
                "name": self.line.name,
                "texts": {each: say(f"panel.{each}") for each in TEXTS}
                | {"sure_text": say("panel.sure_text", most=f"{STEPS[-1]}")},
                "controls": [self._control(each) for each in self._controls.all],
                "open": list(self._controls.open),
            }

    def _control(self, each: Control) -> dict[str, Any]:
        group = each.group if each.way.value != "dose" else "levers"
        return {
            "name": each.name,
            "label": self.names.label(each),
            "needed": say("panel.needed", today=self.names.amount(each, each.today)),
            "group": say(f"panel.group.{group}"),
            "unit": self.names.unit(each),
            "scale": names.scale(each),
            "today": each.today,
            "low": each.low,
            "high": each.high,
            "step": each.step,
            "switch": names.is_switch(each),
        }

    def question(self, numbers: Mapping[str, float]) -> Question:
        """A question, by the numbers that stand otherwise than today.

        Raises
        ------
        RefusedError
            If the numbers make no question, or one that takes too long; with the reason in words.
        """
        what: tuple[Moved, ...] = ()
        try:
            what = moved(self._controls, numbers)
            asked = scenario_of(self.line, what)
            self._asker.check(asked)
        except FunnelsimError as error:
            raise self._refusal(error, what) from error
        return Question(what, asked)

    def last(self, question: Question) -> Answer | None:
        """The last answer that was given to a question; None where there is none yet."""
        return self._asker.last(question.asked)

    def _refusal(self, error: FunnelsimError, what: tuple[Moved, ...] = ()) -> RefusedError:
        found = beyond(self.line, what) if isinstance(error, ScenarioError) else None
        with speaking(self.lang):
            return refusal(error, found, self.names)

    def answers(self, question: Question, stop: Callable[[], object] = lambda: False) -> Iterator[dict[str, Any]]:
        """What was moved, in words, and then the answers and pictures as they come."""
        with speaking(self.lang):
            said = [(each.control.name, self.names.moved(each)) for each in question.moved]
            rows = [{"name": name, "text": text, "undo": say("panel.undo_one", what=text)} for name, text in said]
            notice = self._notice()
            doubtful = [self._doubtful(each) for each in unusual(self.line, question.asked, question.moved)]
        yield {"kind": "moved", "moved": rows, "doubtful": doubtful}
        yield from ({"kind": "notice", "text": each} for each in notice)
        for each in self._asker.answers(question.asked, stop):
            with speaking(self.lang):
                made = told.answer(each)
            yield made
            if (each.last or each.replications in DRAWN) and not stop():
                yield self._picture(each)

    def _notice(self) -> list[str]:
        """What is said to those who wait for the engine to be compiled."""
        seconds = self._asker.compiles_for
        return [] if seconds is None else [say("panel.compiling" if seconds < LONG else "panel.compiling_long")]

    def _doubtful(self, each: Moved) -> dict[str, str]:
        """What is said of a number that is allowed, but can hardly be meant."""
        value = self.names.amount(each.control, each.to)
        return {
            "name": each.control.name,
            "text": say("panel.doubtful", label=self.names.label(each.control), value=value),
        }

    def failed(self, error: Exception) -> dict[str, str]:
        """What is said of an answer that broke off."""
        with speaking(self.lang):
            return {"kind": "error", "text": str(refusal(error, None, self.names))}

    def _picture(self, each: Answer) -> dict[str, Any]:
        from ..pictures.vector import svg

        with speaking(self.lang):
            title = say("panel.picture.title")
            desc = f"{each.result.verdict} {say('panel.line_drawn', number=f'{each.replications}')}"
            drawn = svg(each.result.plot.line(), title, desc, "funnelsim-line")
            key = "line_today" if each.is_same else "line"
            about = say("panel.line_drawn", number=f"{each.replications}")
            return {"kind": "picture", "svg": drawn, "title": say(f"panel.{key}"), "about": about}

    def lever(self, numbers: Mapping[str, float]) -> dict[str, str]:
        """The file of the lever that does what was moved, and the command that compares it with today.

        Raises
        ------
        RefusedError
            If nothing is moved, or no single lever does so.
        """
        what, asked = self.question(numbers)
        done = self._asker.done(asked)
        compare = f"funnelsim compare {shlex.quote(self.file)}"
        with speaking(self.lang):
            title = say("panel.lever_title", what=clauses([self.names.moved(each) for each in what]))
            try:
                text = as_lever(self.line, what, title)
            except FunnelsimError as error:
                raise self._refusal(error) from error
            return {
                "file": LEVER_FILE,
                "text": text,
                "about": say("panel.saved", file=LEVER_FILE),
                "command": f"{compare} --lever {LEVER_FILE} --replications {done}",
                "download": say("panel.download", file=LEVER_FILE),
            }
