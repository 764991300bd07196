"""Hooks in a run: where a user's own rules and observers are asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from funnelsim.engine.simpy_engine.own.hooks import Hook, Key, Observer, QueueRule, RoutingRule
from funnelsim.engine.simpy_engine.own.seen import CustomerView, Event, LeadView, RepView, WorkView
from funnelsim.errors import FunnelsimError
from funnelsim.model.records import EVENT_KINDS
from funnelsim.scenario.forms.quantities import HOUR

from ..world.lines import Entry, Order, place_among_equals
from ..world.state import Lead, Rep

if TYPE_CHECKING:
    from ..customer import Customer
    from ..run import Run
    from ..world.items import Item

OWN_ROUTING = -1
"""Code of a routing that a user's own rule decides."""

Rule = TypeVar("Rule", QueueRule, RoutingRule)


class Hooks:
    """The hooks of a run."""

    def __init__(self, run: Run, hooks: Sequence[Hook]) -> None:
        self._run = run
        self._hooks = hooks
        self._observers = [hook for hook in hooks if isinstance(hook, Observer)]
        for hook in hooks:
            hook.begin(run.replication)

    def view_of(self, lead: Lead | Customer) -> LeadView:
        """A lead or a customer as the organisation sees it."""
        return LeadView(self._run, lead) if isinstance(lead, Lead) else CustomerView(self._run, lead)

    def watch(self) -> Callable[..., None] | None:
        """What the ledger calls for each event; None if nobody watches."""
        if not self._observers:
            return None
        methods = [[getattr(watcher, kind) for kind in EVENT_KINDS] for watcher in self._observers]

        def tell(now: int, lead: Lead, stage: int, kind: int, rep: int, outcome: int) -> None:
            event = Event(self._run, now, lead, stage, kind, rep, outcome)
            for method in methods:
                method[kind](event)

        return tell

    def queue_rule(self, team: int) -> OwnQueue | None:
        """A team's own queue rule, if it has one."""
        rule = self._rule(QueueRule, team)
        return OwnQueue(self._run, rule) if rule is not None else None

    def routing_rule(self, team: int) -> OwnRouting | None:
        """A team's own routing rule, if it has one."""
        rule = self._rule(RoutingRule, team)
        return OwnRouting(self._run, rule) if rule is not None else None

    def _rule(self, kind: type[Rule], team: int) -> Rule | None:
        name = self._run.model.team_names[team]
        of_kind = (hook for hook in self._hooks if isinstance(hook, kind))
        return next((rule for rule in of_kind if not rule.teams or name in rule.teams), None)


class OwnQueue:
    """A team's own queue rule, asked at each choice for each item that may be taken."""

    def __init__(self, run: Run, rule: QueueRule) -> None:
        self._run = run
        self._rule = rule

    def first(self, rep: Rep, entries: Iterable[Entry]) -> Item | None:
        """The item that is next for a rep."""
        now, who = self._run.clock.now / HOUR, RepView(self._run, rep)

        def place(entry: Entry) -> tuple[Any, ...]:
            key = checked(self._rule.key(WorkView(self._run, entry[4]), who, now), self._rule)
            return (entry[0], key, entry[2], entry[3])

        best = min(entries, key=place, default=None)
        return best[4] if best is not None else None


class OwnRouting:
    """A team's own routing rule, asked whenever a rep is wanted."""

    def __init__(self, run: Run, rule: RoutingRule) -> None:
        self._run = run
        self._rule = rule

    def first(self, reps: Iterable[Rep], item: Item | None = None) -> Rep | None:
        """The rep whose turn it is."""
        now = self._run.clock.now / HOUR
        work = WorkView(self._run, item) if item is not None else None

        def place(rep: Rep) -> tuple[Any, ...]:
            key = checked(self._rule.key(RepView(self._run, rep), work, now), self._rule)
            return (key, *place_among_equals(rep))

        return min(reps, key=place, default=None)


class OwnOrder(Order):
    """Reps in the order of a user's own rule, worked out when it is asked for."""

    def __init__(self, own: OwnRouting) -> None:
        super().__init__()
        self._own = own

    def first(self, may: Callable[[Rep], bool], after: int = -1) -> Rep | None:
        """The first rep that may."""
        return self._own.first(self.all(may))


def checked(key: Key, rule: Hook) -> tuple[float, ...]:
    """A key as a tuple of numbers; raises `FunnelsimError` for anything that has no order."""
    parts = key if isinstance(key, tuple) else (key,)
    try:
        numbers = tuple(float(part) for part in parts)
    except (TypeError, ValueError) as error:
        raise FunnelsimError(_wrong(rule, key), code="E-hook-value") from error
    if any(math.isnan(number) for number in numbers):
        raise FunnelsimError(_wrong(rule, key), code="E-hook-value")
    return numbers


def _wrong(rule: Hook, key: object) -> str:
    return f"{type(rule).__name__}.key must give a number or a tuple of numbers, but gave {key!r}"
