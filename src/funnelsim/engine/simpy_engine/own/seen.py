"""What hooks are shown of a run: leads, customers, reps, waiting work and events, to read and not to change.

They show what people in the organisation can see; a lead's true quality is not among it. Times are in hours since
the scenario's start, money in the scenario's currency, names are those of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelsim.errors import FunnelsimError
from funnelsim.model.records import EVENT_KINDS, ORIGINS
from funnelsim.model.tables.tables import RANDOM, RULES
from funnelsim.model.time.calendars import open_between
from funnelsim.scenario.forms.quantities import HOUR

if TYPE_CHECKING:
    from ..customer import Customer
    from ..run import Run
    from ..world.items import Item
    from ..world.state import Lead, Rep

CENTS = 100


class LeadView:
    """A lead as the organisation sees it."""

    __slots__ = ("_lead", "_run")

    def __init__(self, run: Run, lead: Lead | Customer) -> None:
        self._run = run
        self._lead = lead

    @property
    def row(self) -> int:
        """Its row in the records of the replication."""
        return self._lead.serial

    @property
    def source(self) -> str | None:
        """Name of its source; None where there is none."""
        names = self._run.model.source_names
        return names[self._lead.source] if self._lead.source >= 0 else None

    @property
    def number(self) -> int:
        """Its number in the source, or among the children of whom it came from."""
        return self._lead.number

    @property
    def origin(self) -> str:
        """``new``, ``expansion`` or ``referral``."""
        return ORIGINS[self._lead.origin]

    @property
    def segment(self) -> str | None:
        """Name of its segment; None where the scenario has none."""
        names = self._run.model.segment_names
        return names[self._lead.segment] if names else None

    @property
    def territory(self) -> str | None:
        """Name of its territory; None where the scenario has none."""
        names = self._run.model.territory_names
        return names[self._lead.territory] if self._lead.territory >= 0 else None

    @property
    def value(self) -> float:
        """What the deal is worth, a year or once; of a customer, what it pays."""
        return self._lead.value / CENTS

    @property
    def score(self) -> float:
        """The score that teams see: standard normal around the quality that the source is known for."""
        return self._lead.score

    @property
    def created(self) -> float:
        """When it was created; negative for a lead that was in the line at the start."""
        assert not self.is_customer
        return self._lead.created / HOUR  # type: ignore[union-attr]  # a lead, as asserted

    @property
    def context(self) -> float:
        """Share of what was learnt about it that handoffs have kept."""
        return self._lead.context

    @property
    def is_customer(self) -> bool:
        """Whether this is a `CustomerView`."""
        return False


class CustomerView(LeadView):
    """A customer, to whom care, renewals and complaints belong; named and valued as a lead is."""

    __slots__ = ()
    _lead: Customer

    @property
    def row(self) -> int:
        """Its row in the records of the replication."""
        return self._lead.row

    @property
    def created(self) -> float:
        """Since when it is a customer."""
        return self._lead.since / HOUR

    @property
    def health(self) -> float:
        """Its health, from 0 to 1."""
        return self._lead.health

    @property
    def is_customer(self) -> bool:
        """Whether this is a `CustomerView`."""
        return True


class RepView:
    """A person in a seat."""

    __slots__ = ("_rep", "_run")

    def __init__(self, run: Run, rep: Rep) -> None:
        self._run = run
        self._rep = rep

    @property
    def team(self) -> str:
        """Name of the team."""
        return self._run.model.team_names[self._rep.team]

    @property
    def seat(self) -> int:
        """Number of the seat in the team, from 1."""
        return self._rep.seat + 1

    @property
    def occupant(self) -> int:
        """How many held the seat up to this person, from 1."""
        return self._rep.occupant + 1

    @property
    def territory(self) -> str | None:
        """The only territory the rep serves; None if any."""
        names = self._run.model.territory_names
        return names[self._rep.territory] if self._rep.territory >= 0 else None

    @property
    def load(self) -> int:
        """Leads the rep owns, those that wait for the buyer included."""
        return self._rep.load

    @property
    def skill(self) -> float:
        """Log-odds that the rep adds to outcomes."""
        return self._rep.skill

    @property
    def speed(self) -> float:
        """How fast the rep works; 1 is usual."""
        return self._rep.speed

    @property
    def tenure(self) -> float:
        """Hours since the rep began to learn the work."""
        return (self._run.clock.now - self._rep.tenure_from) / HOUR

    @property
    def busy(self) -> float:
        """Open hours spent on leads and customers so far, the work in hand included."""
        rep, run = self._rep, self._run
        hand = 0
        if rep.current is not None and not rep.on_contact:
            hand = open_between(run.calendars, rep.calendar, rep.current[0], run.clock.now)
        return (rep.busy + hand) / HOUR

    @property
    def idle(self) -> bool:
        """Whether the rep is free to take something."""
        return self._rep.idle


class WorkView:
    """Something that waits for a rep: a touch of a lead, or care, a renewal, a complaint of a customer."""

    __slots__ = ("_item", "_run")

    def __init__(self, run: Run, item: Item) -> None:
        self._run = run
        self._item = item

    @property
    def stage(self) -> str:
        """Name of the stage; ``care``, ``renewal`` or ``complaint`` for the work of customers."""
        return self._run.work_names[self._item.stage]

    @property
    def lead(self) -> LeadView:
        """Whom it is for; a `CustomerView` for the work of customers."""
        return self._run.hooks.view_of(self._item.lead)

    @property
    def ready(self) -> float:
        """Since when it waits."""
        return self._item.ready / HOUR

    @property
    def owner(self) -> RepView | None:
        """The only rep who may take it; None if any may."""
        return None if self._item.rep is None else RepView(self._run, self._item.rep)

    def key(self, rule: str) -> float:
        """Where a rule of the scenario language places it as of now, the smallest first.

        Raises
        ------
        FunnelsimError
            If there is no such rule, or it is ``random``, which has no key.
        """
        if rule not in RULES or rule == RULES[RANDOM]:
            known = ", ".join(name for name in RULES if name != RULES[RANDOM])
            raise FunnelsimError(
                f"there is no key of a queue rule {rule!r}; there are {known}", code="E-name-unknown"
            )
        return self._item.key(self._run, RULES.index(rule))


class Event:
    """Something that has just happened to a lead."""

    __slots__ = ("_kind", "_lead", "_outcome", "_rep", "_run", "_stage", "_time")

    def __init__(self, run: Run, time: int, lead: Lead, stage: int, kind: int, rep: int, outcome: int) -> None:
        self._run = run
        self._time = time
        self._lead = lead
        self._stage = stage
        self._kind = kind
        self._rep = rep
        self._outcome = outcome

    @property
    def replication(self) -> int:
        """Number of the replication, from 0."""
        return self._run.replication

    @property
    def time(self) -> float:
        """When it happened."""
        return self._time / HOUR

    @property
    def kind(self) -> str:
        """``created``, ``entered``, ``queued``, ``started``, ``completed``, ``left`` or ``ended``."""
        return EVENT_KINDS[self._kind]

    @property
    def lead(self) -> LeadView:
        """The lead."""
        return LeadView(self._run, self._lead)

    @property
    def stage(self) -> str | None:
        """Name of the stage; None for a lead's creation and its end."""
        return self._run.work_names[self._stage] if self._stage >= 0 else None

    @property
    def rep(self) -> RepView | None:
        """The rep who works, or who worked last; None if nobody has."""
        return RepView(self._run, self._run.ledger.reps[self._rep]) if self._rep >= 0 else None

    @property
    def outcome(self) -> str | None:
        """How a visit or a lead ended, such as ``advanced``, ``won`` or a loss reason; None before."""
        return self._run.model.outcome_names[self._outcome] if self._outcome >= 0 else None
