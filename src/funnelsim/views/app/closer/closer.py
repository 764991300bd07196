"""Closer looks at what is moved, in the words, tables and pictures of the report."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import TYPE_CHECKING, Any

from funnelsim.experiments.asking.answers import STEPS
from funnelsim.experiments.asking.closely import closely
from funnelsim.experiments.running.laboratory import Sampling
from funnelsim.experiments.running.replications import simulate
from funnelsim.experiments.targets.looking import outlooks
from funnelsim.model.compile import compile_model

from ...panel.refusals import RefusedError
from ...panel.work import Line
from ...report.blocks import Block, Head, Text
from ...report.given import Given
from ...report.page import written
from ...report.sections import causes, differences, fates, groups, line, targets
from ...words import counted, numbers, say, speaking
from .asked import VIEWS, Form, Look
from .telling import Steps, telling

if TYPE_CHECKING:
    from funnelsim.experiments.comparison.result import Comparison
    from funnelsim.results.result import Result

    from ...panel.session import Session

LEAST = 8
"""Replications of each line at least; as many as the answer on the page has, where it has more."""

OF_TARGETS = STEPS[-1]
"""Replications of each line from which the chance of a target is told."""

MOST_KEPT = 4
"""Comparisons that are kept, so that the next look at the same settings need not run them again."""

TEXTS = ("region", "ask", "again", "stop", "stopped", "moved", "unmoved", "waiting", "begun", "done")
"""Texts that the page shows itself."""


class Closer:
    """Looks closer at what is asked in a session.

    Parameters
    ----------
    session : Session
        The line and the questions that are asked of it.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._form: Form | None = None
        self._kept: OrderedDict[tuple[str, int, str], Comparison] = OrderedDict()
        self._lock = Lock()

    @property
    def form(self) -> Form:
        """The fields, for which today's line is compiled once."""
        with self._lock:
            if self._form is None:
                self._form = Form(compile_model(self.session.line))
            return self._form

    def describe(self) -> dict[str, Any]:
        """The views and their texts."""
        with speaking(self.session.lang):
            texts = {each: say(f"panel.view.{each}") for each in TEXTS} | {"lost": say("panel.lost")}
            return {"texts": texts, "views": self.form.describe()}

    def look(self, view: str, numbers: Mapping[str, float], given: Mapping[str, str]) -> Look:
        """What is asked, read.

        Raises
        ------
        RefusedError
            If it makes no question; with the reason in words, and the control or field that it is about.
        """
        if view not in VIEWS:
            with speaking(self.session.lang):
                raise RefusedError(say("panel.view.none"), code="E-name-unknown")
        question = self.session.question(numbers)
        with speaking(self.session.lang):
            return self.form.look(view, question, given)

    def lines(self, look: Look, stop: Callable[[], object] = lambda: False) -> Iterator[Line]:
        """How far the work is, and then what there is to be seen: HTML without script and style."""
        many = _steps(look)

        def said(step: int, share: float) -> Line:
            with speaking(self.session.lang):
                done = {"share": numbers.percent(share), "step": f"{step}", "steps": f"{many}"}
                key = "panel.view.progress" if many == 1 else "panel.view.progress_of"
                return {"kind": "progress", "share": (step - 1 + share) / many, "text": say(key, **done)}

        def work(steps: Steps) -> Line:
            with speaking(self.session.lang):
                return {"kind": "view", "html": written(self._blocks(look, steps), f"look-{look.view}")}

        yield from telling(work, stop, said)

    # --- what is to be seen -------------------------------------------------------------------------------------

    def _blocks(self, look: Look, steps: Steps) -> Iterator[Block]:
        count = self._count(look)
        yield Text(counted("panel.view.how", count), "note")
        made = self._of_one if not look.question.moved else self._of_both
        yield from made(look, count, steps)

    def _of_one(self, look: Look, count: int, steps: Steps) -> Iterator[Block]:
        """Today's line, as nothing is moved."""
        seed = self.session.seed
        by = (look.by,) if look.by else ()
        run: Result = simulate(
            self.session.line, replications=count, seed=seed, records=False, by=by, progress=steps.next()
        )
        if look.by:
            yield from groups.GROUPS.blocks(Given(run))
        elif look.aim is not None:
            sampling = Sampling(seed, progress=steps.next())
            found = outlooks(run, [(look.aim.kpi, look.aim.wish)], look.aim.day, sampling)
            yield from targets.TARGETS.blocks(Given(run, outlooks=found))
            yield from (Text(said, "note") for each in found for said in each.warnings)
        else:
            yield from line.PLACES.blocks(Given(run))

    def _of_both(self, look: Look, count: int, steps: Steps) -> Iterator[Block]:
        """The changed line beside today's."""
        comparison = self._compared(look, count, steps)
        match look.view:
            case "groups":
                yield from groups.GROUPS.blocks(Given(comparison))
            case "fates":
                found = comparison.fates(progress=steps.next())
                yield from fates.FATES.blocks(Given(comparison, fates=found))
            case "causes":
                split = comparison.causes(self._kpis(look)[0] or None, progress=steps.next())
                yield from causes.CAUSES.blocks(Given(comparison, causes=split))
            case "targets":
                for each in comparison.reached:
                    yield Head(each.arm.name)
                    yield from targets.told([each])
                yield from targets.TARGETS.blocks(Given(comparison))
            case _:
                yield from differences.stages_and_teams(comparison)

    def _compared(self, look: Look, count: int, steps: Steps) -> Comparison:
        """The comparison that a view is about, made once for views of the same settings."""
        progress = steps.next()
        asked = look.question.asked
        key = asked.fingerprint, count, look.by
        if look.aim is None and key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        main, beside = self._kpis(look)
        aim = look.aim
        made = closely(
            {say("panel.view.line_today"): self.session.line, say("panel.view.line_changed"): asked},
            count,
            Sampling(self.session.seed, progress=progress),
            kpis=(*main, *(beside if look.by else ())) or None,
            by=(look.by,) if look.by else (),
            targets=None if aim is None else {aim.kpi: aim.wish},
            until=None if aim is None else aim.day,
        )
        if aim is None:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made

    def _kpis(self, look: Look) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The figures that the page shows: the main ones, and those beside them; none before its first answer."""
        last = self.session.last(look.question)
        if last is None:
            return (), ()
        main, beside = (tuple(each.kpi for each in found) for found in (last.main, last.beside))
        return main, beside

    def _count(self, look: Look) -> int:
        if look.aim is not None:
            return OF_TARGETS
        last = self.session.last(look.question)
        return LEAST if last is None else max(LEAST, last.replications)


def _steps(look: Look) -> int:
    """How many steps a look takes, each of which tells how far it is."""
    further = look.view in ("fates", "causes") or (look.aim is not None and look.aim.day is not None)
    return 2 if further else 1
