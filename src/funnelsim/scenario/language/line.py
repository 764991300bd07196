"""Types of the production line: stages, and limits on stretches of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ..forms.base import Fault, Faults, FormError, Names
from ..forms.entry import Entry
from ..forms.quantities import ByKind, Duration, Weights, constant
from . import fields as f


class Joint(Entry):
    """Touches that need a rep of another team as well."""

    main: ClassVar[tuple[str, ...]] = ("team",)

    team: f.TeamName  # the other team
    touches: Literal["first", "last", "all"] = "all"  # how many touches need both
    keeps: f.OptionalShare = None  # context kept when that team takes over later

    @classmethod
    def _unknown(cls, key: Any, names: Names) -> Fault:
        fault = super()._unknown(key, names)
        known = Stage.keys()
        if key not in known:
            return fault
        said = (
            f"unknown key {key!r}; both teams work by the `{key}` of the stage: write it beside `with`, and give "
            "work of the other team alone a stage of its own"
        )
        return Fault(said, fault.path, key=True, code="E-key-unknown")


class Handoff(Entry):
    """What happens when a lead changes its team."""

    delay: f.DelayDist = constant(0.0, "us")  # until the new team may take the lead
    dropout: f.Share = 0.0  # probability that the lead is lost on the way
    keeps: f.Share = 1.0  # share of the context that gets across
    give: f.OptionalEffort = None  # effort of the old rep
    take: f.OptionalEffort = None  # effort of the new rep
    joint: f.OptionalEffort = None  # a meeting of both


class Decision(Entry):
    """The buyer's time between the last touch and the outcome, by outcome."""

    main: ClassVar[tuple[str, ...]] = ("advanced", "lost")

    advanced: f.DelayDist = constant(0.0, "us")  # time until a yes
    lost: f.DelayDist = constant(0.0, "us")  # time until a no


class Decay(Entry):
    """What seller-side waiting takes off the chance to advance: a half-life, or a power law with a floor."""

    half_life: f.OptionalInterval = None  # waiting in which the chance to advance falls to half
    floor: f.Share = 0.0  # of the power law: share of the chance that is never lost
    scale: f.OptionalInterval = None  # of the power law: its unit of waiting
    power: f.NonNegative = 1.0  # of the power law: its exponent

    def check(self) -> None:
        """Raise `FormError` unless one of the two forms is given."""
        if (self.half_life is None) == (self.scale is None):
            raise FormError(
                "decay needs either half_life, or scale (with floor and power)", code="E-key-incomplete"
            )
        if self.half_life is not None and {"floor", "power"} & self.model_fields_set:
            raise FormError(
                "floor and power belong to the form with scale, not to half_life", code="E-key-conflict"
            )


class Unready(Entry):
    """Odds factors for leads that are not ready, and the share of failed pushes on them lost for good."""

    later: f.NonNegative = 1.0  # factor on the odds of leads that are ready later
    never: f.NonNegative = 1.0  # factor on the odds of leads that are never ready
    burned: f.Share = 0.0  # share of failed pushes after which a lead that would be ready later is lost


class Nurtures(Entry):
    """In this stage a `later` lead's readiness clock runs; it moves on `notice` after becoming ready."""

    main: ClassVar[tuple[str, ...]] = ("notice",)

    notice: f.ElapsedDuration = Duration(0, "d")  # time from being ready to being seen as ready


class PullsForward(Entry):
    """Buyers whom a concession makes decide before the quota period closes; the next period lacks them."""

    share: f.Share = 0.0  # share of those it is given to, if they advance
    by: f.ElapsedDuration = Duration(0, "d")  # how long after its close they would have decided, at most


class Concession(Entry):
    """A discount or a promise the rep may give."""

    main: ClassVar[tuple[str, ...]] = ("share",)

    share: f.Share = 0.0  # probability that it is given
    under_pressure: f.OptionalShare = None  # the same at the end of a quota period with nothing booked
    discount: f.Share = 0.0  # taken off the value
    odds: f.NonNegative = 1.0  # factor on the odds
    win: f.Times = 1.0  # the same as a factor on the chance, where that is the stage's `convert`
    onboarding: f.NonNegative = 1.0  # factor on later onboarding effort
    health: f.Share = 0.0  # taken off the customer's health
    pulls_forward: PullsForward = PullsForward.neutral()  # decisions of the next quota period made in this one

    def check(self) -> None:
        if self.odds != 1 and self.win != 1:
            raise FormError(
                Fault(
                    "`odds` and `win` say the same in two ways; remove one of them",
                    ("win",),
                    code="E-key-conflict",
                )
            )

    def odds_at(self, chance: float) -> float:
        """The factor on the odds, where those who are asked advance with that chance."""
        if self.win == 1:
            return self.odds
        return self.win * (1 - chance) / (1 - self.win * chance)


class Concessions(Entry):
    """Concessions of a stage."""

    discount: Concession | None = None  # a lower price
    promise: Concession | None = None  # a promise that onboarding has to keep

    @property
    def given(self) -> Iterator[tuple[str, Concession]]:
        """Those that there are, by name."""
        both = (("discount", self.discount), ("promise", self.promise))
        return ((name, one) for name, one in both if one is not None)


class On(Entry):
    """Where leads go that leave a stage without an outcome; by default they leave under that name."""

    rejected: f.OptionalDestinations = None  # where leads go that the gate does not accept
    expired: f.OptionalDestinations = None  # where leads go whose time is up (`timeout`)
    blocked: f.OptionalDestinations = None  # where leads go that a full limit turns away
    dropped: f.OptionalDestinations = None  # where leads go that are dropped in a handoff

    @property
    def ways(self) -> tuple[Weights | None, ...]:
        """Each of them."""
        return self.rejected, self.expired, self.blocked, self.dropped


JointByKind = Annotated[ByKind[Joint | None], f.by_kind(Joint)]
HandoffByKind = Annotated[ByKind[Handoff], f.by_kind(Handoff, Handoff.neutral())]
DecisionByKind = Annotated[ByKind[Decision], f.by_kind(Decision, Decision.neutral())]
DecayByKind = Annotated[ByKind[Decay | None], f.by_kind(Decay)]
UnreadyByKind = Annotated[ByKind[Unready], f.by_kind(Unready, Unready.neutral())]
ConcessionsByKind = Annotated[ByKind[Concessions], f.by_kind(Concessions, Concessions.neutral())]


class Stage(Entry):
    """A step of the line."""

    team: f.TeamsByKind = ByKind(())  # a team, or a list in order of preference; none: automated
    continuity: Literal["same_rep", "any_rep"] = "same_rep"  # who does the second touch and the next ones
    with_: JointByKind = Field(default=ByKind(None), alias="with")  # touches that another team joins
    accept: f.OptionalSelector = None  # leads that may enter; the others are rejected
    handoff: HandoffByKind = ByKind(Handoff.neutral())  # where the lead comes from another team
    touches: f.TouchesByKind = ByKind(constant(1.0))  # pieces of work on one lead
    effort: f.EffortByKind = ByKind(constant(0.0, "us"))  # working time of one touch, in min, h or bd
    gap: f.DelayByKind = ByKind(constant(0.0, "us"))  # the buyer's time between two touches
    decision: DecisionByKind = ByKind(Decision.neutral())  # the buyer's time after the last touch
    patience: f.DelayOrNoneByKind = ByKind(None)  # wait for a rep after which a lead expires
    timeout: f.DurationOrNoneByKind = ByKind(None)  # longest time in the stage
    sla: f.DurationOrNoneByKind = ByKind(None)  # deadline that the queue rule `due` goes by
    convert: f.ShareByKind = ByKind(1.0)  # share that advances, as a CRM shows it
    quality_weight: f.NumberByKind = ByKind(0.0)  # log-odds per standard deviation of quality
    context_weight: f.WeightByKind = ByKind(0.0)  # odds lost when all context is lost
    rework: f.NonNegativeByKind = ByKind(0.0)  # extra effort when all context is lost
    decay: DecayByKind = ByKind(None)  # what seller-side waiting takes off the chance to advance
    unready: UnreadyByKind = ByKind(Unready.neutral())  # leads that are not ready
    nurtures: Nurtures | None = None  # here the readiness clock runs
    lift: f.PositiveByKind = ByKind(1.0)  # odds factor for later stages once this one is done
    concessions: ConcessionsByKind = ByKind(Concessions.neutral())  # discounts and promises
    next: f.NextByKind = ByKind(None)  # where a lead that advances goes; default: the following stage
    otherwise: f.OtherwiseByKind = ByKind((("lost", 1.0),))  # where one goes that does not advance
    on: On = On.neutral()  # where leads go that are rejected, expired, blocked or dropped
    aside: f.Flag = False  # outside the line: entered only by name
    at_most: f.CountOrNoneByKind = ByKind(None)  # visits of one lead, beyond which it is lost
    books: f.OptionalFlag = None  # success here wins the deal; default: the last stage in line
    label: f.OptionalText = None  # name shown
    role: f.StageRoles = ()  # what it is, for levers: one word or a list
    key: f.OptionalText = None  # former name, whose random draws are kept

    def check(self) -> None:
        faults = Faults()
        for kind in dict.fromkeys(("", *dict(self.concessions.cases), *dict(self.convert.cases))):
            chance = self.convert.of(kind)
            for name, one in self.concessions.of(kind).given:
                if one.win != 1 and not (0 < chance < 1 and one.win * chance < 1):
                    of = f" of {kind}" if kind else ""
                    said = (
                        f"a share of {chance:g}{of} advances here, and {one.win:g} times as many would be "
                        f"{one.win * chance:g}; both must lie between 0 and 1, without the ends"
                    )
                    own = (kind,) if kind in dict(self.concessions.cases) else ()
                    faults.add(said, "concessions", *own, name, "win", code="E-share-range")
        faults.check()


class Limit(Entry):
    """At most `wip` leads in a stretch of stages."""

    stages: f.Names  # the stretch of stages
    wip: f.PositiveCount  # how many leads at most
    full: Literal["hold", "turn_away"] = "hold"  # what a lead does that finds it full: wait outside, or leave
