"""What is expected of each pair of place and key: it acts, unless it stands here."""

from __future__ import annotations

from .samples import NAMES
from .verdicts import IN_PHASE, Pair

WAYS = ("rate", "every", "team")
WORKED = ("effort", "yield", "market", "cooling")
SHAPE = ("calendar", "pattern.month", "pattern.weekday", "pattern.hour", "growth", "dispersion", "batch")
JOINT = ("with.team", "with.touches", "with.keeps")
PULLS = ("pulls_forward.share", "pulls_forward.by")
CONCESSIONS = ("share", "under_pressure", "discount", "odds", "win", "onboarding", "health", *PULLS)


def _concessions(*parts: str) -> set[str]:
    return {f"stages.*.concessions.{name}.{part}" for name in ("discount", "promise") for part in parts}


def _stages(*keys: str) -> set[str]:
    return {f"stages.*.{key}" for key in keys}


def _sources(*keys: str) -> set[str]:
    return {f"sources.*.{key}" for key in keys}


HANDOFF = tuple(f"handoff.{part}" for part in ("delay", "dropout", "keeps", "give", "take", "joint"))
DECAY = tuple(f"decay.{part}" for part in ("half_life", "floor", "scale", "power"))
WITHOUT_TEAM = (
    _stages("continuity", *JOINT, *HANDOFF, *DECAY, "touches", "effort", "gap", "patience", "sla", "rework")
    | _stages("on.dropped")
    | _concessions("under_pressure", *PULLS)
)
UNDECIDED = (
    _stages("decision.advanced", "decision.lost", "convert", "quality_weight", "context_weight", "otherwise")
    | _stages("unready.later", "unready.never", "unready.burned")
    | _concessions(*CONCESSIONS)
)

REFUSED: dict[str, set[str]] = {
    "source with rate": _sources("every", "team", *WORKED),
    "source with every": _sources("rate", "team", *WORKED, "dispersion"),
    "source worked by a team": _sources("rate", "every", *SHAPE),
    "source of bursts": _sources("team", *WORKED, *SHAPE),
    "stage without a team": WITHOUT_TEAM,
    "stage that nurtures": WITHOUT_TEAM | UNDECIDED,
    "stage after the booking": _concessions("discount"),
}
"""Keys refused in a place."""

EVERYWHERE = {"funnelsim"} | {f"stages.*.accept.{part}" for part in ("stage",)}
"""Keys refused in all places: the version has one value, and a gate looks at leads of its own stage."""

FOR_GOOD = {
    *(
        "name",
        "description",
        "start",
        "horizon",
        "warmup",
        "currency",
        "exchange",
        "revenue",
        "fiscal_year",
        "milestones.*",
    ),
    *("opening.customers", "opening.leads"),
    *(
        f"opening.deals.0.{key}"
        for key in (
            *("stage", "value", "age", "touches", "since_touch", "since_created", "waited", "waiting", "owner"),
            *("booked", "source", "segment", "territory"),
        )
    ),
    *("sources.*.key", "teams.*.key", "stages.*.key", "teams.*.tenure"),
    *(f"{group}.*.{key}" for group in ("segments", "sources", "teams", "stages") for key in ("label", "role")),
}
"""Keys refused in a phase, since they say something for a whole run."""

OTHER_WAY = {("source of bursts", "sources.*.every")}
"""Keys refused in a phase in a place, since leads of a source come in one way in all of a run."""


ALLOWS = {"teams.*.unlike"}
"""Keys that allow what would be refused without them, and so do nothing where both are allowed."""


def expected(pair: Pair) -> str:
    """`acts`, `refused`, `names`, or `nothing` of a key that only allows."""
    name = pair.key.name
    if name in ALLOWS:
        return "nothing"
    if name in EVERYWHERE or name in REFUSED.get(pair.place, set()):
        return "refused"
    if pair.way == IN_PHASE and (name in FOR_GOOD or (pair.place, name) in OTHER_WAY):
        return "refused"
    return "names" if name in NAMES else "acts"
