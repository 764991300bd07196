"""Random customers, and what fills the line at the start."""

from __future__ import annotations

from typing import Any

from .quantities import World, amount, by_kind, duration, number_dist, time_dist


def customers(world: World) -> dict[str, Any]:
    """The life of customers, fast enough for something to happen within weeks."""
    luck = world.luck
    made: dict[str, Any] = {}
    if luck.chance(80):
        made["team"] = by_kind(
            world, lambda: luck.subset(world.teams) if luck.chance(20) else luck.pick(world.teams)
        )
        made["team"] = made["team"] if made["team"] else world.teams[0]
        luck.maybe(made, "care", lambda: by_kind(world, lambda: {"every": every(world), "effort": effort(world)}))
        luck.maybe(made, "renewal", lambda: by_kind(world, lambda: renewal(world)))
        luck.maybe(made, "complaint", lambda: by_kind(world, lambda: complaint(world)))
    luck.maybe(made, "health", lambda: health(world))
    luck.maybe(made, "health_weight", lambda: by_kind(world, lambda: 2.3))
    luck.maybe(made, "churn", lambda: by_kind(world, lambda: luck.pick(("0.3 / mo", "2 / mo"))))
    luck.maybe(made, "early", lambda: by_kind(world, lambda: {"factor": luck.pick((3, 0)), "first": "10 d"}))
    luck.maybe(made, "expansion", lambda: by_kind(world, lambda: birth(world)))
    luck.maybe(made, "referral", lambda: by_kind(world, lambda: birth(world)))
    luck.maybe(made, "rep_change", lambda: {"health": luck.pick((0.2, 0)), "revenue": luck.pick((0.15, 1))})
    luck.maybe(
        made, "payment", lambda: {"delay": time_dist(luck, 200, ("h", "d")), "bad_debt": luck.pick((0, 0.2))}
    )
    return made


def onboarding(made: dict[str, Any], line: list[str]) -> None:
    """Let the first stage of the line book, so that customers churn while they are in all the others."""
    stages = made["stages"]
    for name in line:
        stages[name].pop("books", None)
    stages[line[0]] = {"books": True}
    made.setdefault("customers", {}).setdefault("churn", "1 / w")


def every(world: World) -> str:
    """An interval of care or renewal."""
    return world.luck.pick(("1 w", "3 d", "2 w"))


def effort(world: World) -> Any:
    """Effort of work for a customer."""
    return time_dist(world.luck, 1.0, ("h", "min", "bd"))


def renewal(world: World) -> dict[str, Any]:
    """Renewals, sometimes with churn or without effort."""
    luck = world.luck
    made: dict[str, Any] = {"every": every(world)}
    luck.maybe(made, "effort", lambda: effort(world))
    luck.maybe(made, "churn", lambda: 0.2)
    return made


def complaint(world: World) -> dict[str, Any]:
    """Complaints, with or without a deadline."""
    luck = world.luck
    made: dict[str, Any] = {"rate": luck.pick(("3 / mo", "1 / w")), "effort": effort(world)}
    luck.maybe(made, "sla", lambda: duration(luck, 8))
    return made


def health(world: World) -> dict[str, Any]:
    """How health moves."""
    luck = world.luck
    made: dict[str, Any] = {"start": luck.pick((0.7, 1, 0.2))}
    for step in ("care_on_time", "care_late", "complaint_well", "complaint_badly", "ignored_lead"):
        luck.maybe(made, step, lambda: luck.pick((0.1, 0.4)))
    for weight in ("new_face", "lost_context", "day_waited", "rep_skill"):
        luck.maybe(made, weight, lambda: luck.pick((0.05, 0.3)))
    if luck.some():
        made["late_onboarding"] = 0.2
        luck.maybe(made, "onboarding_due", lambda: duration(luck, 48))
    return made


def birth(world: World) -> dict[str, Any]:
    """Leads that customers give rise to."""
    luck = world.luck
    made: dict[str, Any] = {"rate": luck.pick(("1 / mo", "0.3 / w", "0 / y"))}
    luck.maybe(made, "to", lambda: luck.pick(world.stages))
    luck.maybe(made, "value", lambda: luck.pick((0.3, number_dist(luck, 1))))
    luck.maybe(made, "quality", lambda: 0.5)
    luck.maybe(made, "health_weight", lambda: luck.pick((2.3, -1)))
    return made


def opening(world: World) -> dict[str, Any]:
    """Customers, and leads by count or one by one."""
    luck = world.luck
    made: dict[str, Any] = {}
    luck.maybe(made, "customers", lambda: luck.integer(1, 20))
    if luck.chance(50):
        luck.maybe(made, "leads", lambda: {name: luck.integer(1, 6) for name in luck.subset(world.stages)})
    else:
        luck.maybe(made, "leads", lambda: [deal(world) for _ in range(luck.integer(1, 5))])
    return made


def standing(world: World, deal: dict[str, Any]) -> dict[str, Any]:
    """How a deal stands in its stage, often against what its stage allows."""
    luck = world.luck
    made: dict[str, Any] = {}
    luck.maybe(made, "touches", lambda: luck.integer(0, 4))
    if made.get("touches") != 0:
        luck.maybe(made, "since_touch", lambda: amount(luck, 9, ("d", "h", "bd")))
    luck.maybe(made, "since_created", lambda: amount(luck, 900, ("d", "bd")))
    luck.maybe(made, "waited", lambda: amount(luck, 8, ("h", "d")))
    luck.maybe(made, "waiting", lambda: True)
    return made


def deal(world: World) -> dict[str, Any]:
    """One open deal."""
    luck = world.luck
    made: dict[str, Any] = {"stage": luck.pick(world.stages)}
    luck.maybe(made, "value", lambda: luck.pick((12_000, 90_000)))
    luck.maybe(made, "age", lambda: amount(luck, 72, ("d", "h", "bd")))
    if luck.chance(50):
        made |= standing(world, made)
    luck.maybe(made, "owner", lambda: luck.pick(("Aoki", "Baker", "Costa")))
    if luck.chance(10):
        made["booked"] = luck.chance(50)  # refused where the ways say otherwise
    for key, names in (("source", world.sources), ("segment", world.segments), ("territory", world.territories)):
        if names and luck.chance(20):
            made[key] = luck.pick(tuple(names))
    return made
