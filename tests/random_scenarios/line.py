"""Random stages and limits."""

from __future__ import annotations

from typing import Any

from .quantities import World, by_kind, duration, number_dist, selector, time_dist


def stages(world: World) -> dict[str, Any]:
    """All stages of a world."""
    made = {name: stage(world, name) for name in world.stages}
    if world.luck.some():
        for name in world.luck.subset(world.line):
            made[name]["books"] = True
    return made


def stage(world: World, name: str) -> dict[str, Any]:
    """One stage: automated, or worked by a team or several."""
    luck = world.luck
    made: dict[str, Any] = {"aside": True} if name in world.aside else {}
    if luck.chance(85):
        _work(world, made)
    elif luck.chance(60):
        made["decision"] = time_dist(luck, 24, ("h", "d", "bd"), buyers=True)
    _odds(world, made)
    _ways(world, made, name)
    luck.maybe(made, "accept", lambda: selector(world))
    if luck.chance(luck.density // 2):
        made["nurtures"] = {"notice": luck.pick(("2 d", "5 h", "1 w"))}
    luck.maybe(made, "at_most", lambda: by_kind(world, lambda: luck.integer(1, 3)))
    return made


def team_names(world: World) -> Any:
    """A team, or a list in order of preference."""
    luck = world.luck
    return (
        luck.subset(world.teams, least=2) if len(world.teams) > 1 and luck.chance(25) else luck.pick(world.teams)
    )


def _named(value: Any) -> set[str]:
    """All teams in a value of `team`, which may be by kind."""
    if isinstance(value, str):
        return {value}
    return {name for part in (value.values() if isinstance(value, dict) else value) for name in _named(part)}


def _work(world: World, made: dict[str, Any]) -> None:
    luck = world.luck
    made["team"] = by_kind(world, lambda: team_names(world))
    made["effort"] = by_kind(world, lambda: time_dist(luck, luck.pick((2.0, 1.0, 4.0)), ("h", "min", "bd")))
    luck.maybe(made, "continuity", lambda: "any_rep")
    luck.maybe(made, "touches", lambda: by_kind(world, lambda: luck.pick((2, 1.6, 3, number_dist(luck, 2)))))
    luck.maybe(made, "gap", lambda: by_kind(world, lambda: time_dist(luck, 20, ("h", "d", "bd"), buyers=True)))
    luck.maybe(made, "decision", lambda: by_kind(world, lambda: decision(world)))
    luck.maybe(
        made, "patience", lambda: by_kind(world, lambda: time_dist(luck, 48, ("h", "d", "bd"), buyers=True))
    )
    luck.maybe(made, "timeout", lambda: by_kind(world, lambda: duration(luck, 96)))
    luck.maybe(made, "sla", lambda: by_kind(world, lambda: duration(luck, 12)))
    if luck.chance(50):
        with luck.denser(45):
            made["handoff"] = by_kind(world, lambda: handoff(world))
    others = [name for name in world.teams if name not in _named(made["team"])]
    if others and luck.some():
        joint: dict[str, Any] = {"team": luck.pick(others), "touches": luck.pick(("all", "first", "last"))}
        luck.maybe(joint, "keeps", lambda: 0.9)
        made["with"] = by_kind(world, lambda: joint)


def decision(world: World) -> Any:
    """The buyer's time until the outcome, one or by outcome."""
    luck = world.luck
    one = time_dist(luck, 40, ("h", "d", "bd"), buyers=True)
    return {"advanced": one, "lost": time_dist(luck, 60, ("h", "d"), buyers=True)} if luck.chance(40) else one


def handoff(world: World) -> dict[str, Any]:
    """What a change of team takes."""
    luck = world.luck
    made: dict[str, Any] = {}
    luck.maybe(made, "delay", lambda: time_dist(luck, 12, ("h", "d", "bd"), buyers=True))
    luck.maybe(made, "dropout", lambda: luck.pick((0.1, 0.4)))
    luck.maybe(made, "keeps", lambda: luck.pick((0.7, 0.3, 0)))
    luck.maybe(made, "give", lambda: time_dist(luck, 0.5, ("min", "h")))
    luck.maybe(made, "take", lambda: time_dist(luck, 0.5, ("min", "h")))
    luck.maybe(made, "joint", lambda: time_dist(luck, 0.5, ("min", "h")))
    return made


def decay(world: World) -> dict[str, Any]:
    """Decay of either form."""
    luck = world.luck
    if luck.chance(50):
        return {"half_life": duration(luck, 72, business=False)}
    return {
        "floor": luck.pick((0.2, 0)),
        "scale": duration(luck, 24, business=False),
        "power": luck.pick((1, 0.5)),
    }


def concession(world: World) -> dict[str, Any]:
    """A discount or a promise."""
    luck = world.luck
    made: dict[str, Any] = {"share": luck.pick((0.3, 0)), "odds": luck.pick((1.5, 2.5))}
    luck.maybe(made, "under_pressure", lambda: 0.9)
    luck.maybe(made, "discount", lambda: 0.15)
    luck.maybe(made, "onboarding", lambda: 2)
    luck.maybe(made, "health", lambda: 0.3)
    luck.maybe(made, "pulls_forward", lambda: {"share": luck.pick((0.5, 1)), "by": luck.pick(("2 d", "9 d"))})
    return made


def _odds(world: World, made: dict[str, Any]) -> None:
    luck = world.luck
    made["convert"] = by_kind(world, lambda: luck.pick((0.7, 0.9, 1, 0.5)))
    luck.maybe(made, "quality_weight", lambda: by_kind(world, lambda: luck.pick((1.2, 0.6))))
    luck.maybe(made, "context_weight", lambda: by_kind(world, lambda: luck.pick((0.4, 1))))
    luck.maybe(made, "rework", lambda: by_kind(world, lambda: luck.pick((0.6, 2))))
    luck.maybe(made, "decay", lambda: by_kind(world, lambda: decay(world)))
    luck.maybe(
        made,
        "unready",
        lambda: by_kind(
            world, lambda: {"later": luck.pick((0.4, 0)), "never": 0.1, "burned": luck.pick((0.3, 1))}
        ),
    )
    luck.maybe(made, "lift", lambda: by_kind(world, lambda: luck.pick((1.5, 0.8))))
    luck.maybe(
        made,
        "concessions",
        lambda: by_kind(world, lambda: {key: concession(world) for key in luck.subset(("discount", "promise"))}),
    )


def _ways(world: World, made: dict[str, Any], name: str) -> None:
    """Where leads go; the ways back and aside have little weight, so that most come to an end."""
    luck = world.luck
    after = world.line[world.line.index(name) + 1 :] if name in world.line else []
    if luck.chance(luck.density // 2):
        onward = [*after, "end"]
        made["next"] = by_kind(world, lambda: {luck.pick(onward): 6, luck.pick(world.stages): 1})
        if luck.chance(30):
            made["next"] = luck.pick(onward)
    luck.maybe(
        made, "otherwise", lambda: by_kind(world, lambda: {"lost": 3, luck.pick((*world.stages, "no_budget")): 2})
    )
    on: dict[str, Any] = {}
    for reason in ("rejected", "expired", "blocked", "dropped"):
        if luck.chance(luck.density // 2):
            on[reason] = luck.pick((f"was_{reason}", "lost", *after, *world.aside))
            if luck.chance(40):
                on[reason] = {on[reason]: 1, luck.pick((*world.stages, "gone")): 1}
    if on:
        made["on"] = on


def limits(world: World) -> list[dict[str, Any]]:
    """One or two limits on stretches, which may overlap."""
    luck = world.luck
    return [
        {
            "stages": luck.subset(world.stages),
            "wip": luck.integer(1, 12),
            "full": luck.pick(("hold", "turn_away")),
        }
        for _ in range(luck.integer(1, 2))
    ]
