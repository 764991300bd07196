"""Own rules and observers in Python, for the engine ``simpy``.

A hook is an instance of a small class: a `QueueRule` says what a free rep takes next, a `RoutingRule` which rep is
next, an `Observer` sees each event. What they are handed are the views of `seen`. docs/extending.md shows how to
write one.
"""

from __future__ import annotations

from collections.abc import Sequence

from funnelsim.errors import FunnelsimError
from funnelsim.scenario.forms.base import unknown

from .seen import Event, RepView, WorkView

Key = float | tuple[float, ...]
"""What things are put in order by, the smallest first; tuples are compared from the left."""


class Hook:
    """What all hooks have in common."""

    def begin(self, replication: int) -> None:
        """Called before each replication: forget here what the last one left, or results would depend on it."""


class QueueRule(Hook):
    """What a rep who becomes free takes next, in place of the rule that the scenario names.

    The classes of the scenario (``first``, ``last``, ``ignore``, ``joint``) stay as they are. Ties go to what is
    ready earlier, then to the lead created earlier.

    Attributes
    ----------
    teams : sequence of str
        Names of the teams it holds for; empty for all.
    """

    teams: Sequence[str] = ()

    def key(self, work: WorkView, rep: RepView, now: float) -> Key:
        """Where waiting work stands for a free rep as of now: the smallest is taken first."""
        raise NotImplementedError


class RoutingRule(Hook):
    """Which rep is next, in place of the rule that the scenario names.

    Ties go to the rep who was given nothing and finished no touch for longest, as in the rules of the scenario
    language.

    Attributes
    ----------
    teams : sequence of str
        Names of the teams it holds for; empty for all.
    """

    teams: Sequence[str] = ()

    def key(self, rep: RepView, work: WorkView | None, now: float) -> Key:
        """Where a rep stands as of now: the smallest is next.

        ``work`` is what is to be given away, where the team assigns on arrival; None where free reps choose for
        themselves, and the rule only says who chooses first.
        """
        raise NotImplementedError


class Observer(Hook):
    """Sees what happens to leads, as it happens; override what you want to see.

    An observer changes nothing, so a run with it gives the same records as one without.
    """

    def created(self, event: Event) -> None:
        """A lead was created."""

    def entered(self, event: Event) -> None:
        """A lead entered a stage."""

    def queued(self, event: Event) -> None:
        """A lead began to wait for a rep."""

    def started(self, event: Event) -> None:
        """A rep started on a lead."""

    def completed(self, event: Event) -> None:
        """A rep completed a touch."""

    def left(self, event: Event) -> None:
        """A lead left a stage."""

    def ended(self, event: Event) -> None:
        """A lead was won, or left the line."""


def check_hooks(hooks: Sequence[Hook], teams: Sequence[str], here: bool = True) -> None:
    """Raise `FunnelsimError` if something is no hook, names no team, or two rules of a kind hold for one team.

    Unless all runs ``here``, in this process, nothing can be observed either.
    """
    for hook in hooks:
        if not isinstance(hook, QueueRule | RoutingRule | Observer):
            message = f"a hook is an instance of a QueueRule, a RoutingRule or an Observer, found {hook!r}"
            raise FunnelsimError(message, code="E-hook-value")
        if isinstance(hook, Observer) and not here:
            raise FunnelsimError(
                "an observer watches from the calling process: `workers=1`, and no executor", code="E-hook-workers"
            )
    for kind in (QueueRule, RoutingRule):
        taken: dict[str, Hook] = {}
        for rule in hooks:
            if isinstance(rule, kind):
                for team in _teams_of(rule, teams):
                    if team in taken:
                        pair = f"{type(taken[team]).__name__} and {type(rule).__name__}"
                        raise FunnelsimError(
                            f"one {kind.__name__} for a team, but {pair} hold for {team}", code="E-hook-twice"
                        )
                    taken[team] = rule


def _teams_of(rule: QueueRule | RoutingRule, teams: Sequence[str]) -> Sequence[str]:
    """The teams a rule holds for."""
    for name in rule.teams:
        if name not in teams:
            raise FunnelsimError(
                f"{type(rule).__name__}.teams: {unknown('team', name, teams)}", code="E-name-unknown"
            )
    return rule.teams or teams
