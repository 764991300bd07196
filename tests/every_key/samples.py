"""A value for every key, which differs from that of `company.yaml`, and what has to be there for it to matter.

A key that has no value here fails the test: whoever adds a key to the language says here what it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

EXP = "exponential"


@dataclass(frozen=True)
class Sample:
    """A value of a key.

    ``given`` is laid over the company beforehand, by paths, where the key needs more than is there; a path that
    begins with `~` stands for the entry in which the key is. ``instead`` has other samples by place.
    """

    value: Any
    given: dict[str, Any] = field(default_factory=dict)
    instead: dict[str, Sample] = field(default_factory=dict)


def with_(value: Any, given: dict[str, Any] | None = None, **instead: Any) -> Sample:
    """A sample; further ones by place, for which `_` stands for a space."""
    return Sample(
        value,
        given or {},
        {
            place.replace("_", " "): one if isinstance(one, Sample) else Sample(one, given or {})
            for place, one in instead.items()
        },
    )


PLACES: dict[str, dict[str, str]] = {
    "sources": {
        "source with rate": "web",
        "source with every": "mail",
        "source worked by a team": "dial",
        "source of bursts": "fair",
    },
    "stages": {
        "stage with a team": "meet",
        "stage without a team": "machine",
        "stage aside": "rescue",
        "stage that nurtures": "nurture",
        "stage after the booking": "onboard",
    },
    "teams": {"team": "field"},
    "segments": {"segment": "small"},
    "calendars": {"calendar": "office"},
    "milestones": {"milestones": "mql"},
}
"""Kinds of entry, each with the one of the company that stands for it."""

NAMES = frozenset({
    "name", "description", "currency", "fiscal_year",
    "segments.*.label", "sources.*.label", "teams.*.label", "stages.*.label",
    "segments.*.role", "sources.*.role", "teams.*.role", "stages.*.role",
})  # fmt: skip
"""Keys that only name: they show in an output, and neither records nor the fingerprint move."""

LEVER_NAMES = frozenset({
    "lever", "group", "title", "question", "description", "mechanisms", "evidence",
    "expect.0.kpi", "expect.0.expect", "expect.0.at", "expect.0.because",
})  # fmt: skip
"""Keys of a lever file that only name or vouch, or are for the tests of the library."""

BACK = {"stages.meet.otherwise": {"machine": 1, "rescue": 1}}
"""Leads that lost context in a handoff come back."""

IN_TIME = {"teams.success.headcount": 12}
"""Enough people for customers, so that they are met in time."""

UNDECIDED = {
    f"~.{key}": None
    for key in (
        *("decision", "convert", "quality_weight", "context_weight", "decay", "unready", "concessions"),
        "otherwise",
    )
}
"""A stage in which nothing is decided."""

SPLIT = {
    "phases": [{"from": "2026-01-12", "change": {"teams.field.headcount": 12, "teams.inside.headcount": 1}}],
}
"""People who leave one team as another one grows."""

_DEALS = [
    {"stage": "propose", "value": 5_000, "age": "1 d", "owner": "A"},
    {"stage": "propose", "owner": "B"},
]
_DEAL = {"opening": {"customers": 30, "leads": {"onboard": 9}, "deals": _DEALS}}

_STANDS = {"opening": {"deals": [{"stage": "meet", "age": "9 d", "since_touch": "1 d"}] * 3}}
"""Deals of the start in a stage with several touches, a decision and decay."""

_AROUND = {"opening": {"deals": [{"stage": "onboard"}]}, "stages.meet.next": {"propose": 1, "onboard": 1}}
"""A deal of the start in a stage to which some ways lead past the booking."""


def _selector(room: str) -> dict[str, Sample]:
    """Samples of the parts of a selector; the class is otherwise empty."""
    above = room.replace("*", "field") if room.startswith("teams") else room
    stage = "meet" if room.startswith("teams") else None
    empty: dict[str, Any] = {above if room.startswith("teams") else "~.accept": None}
    if room.startswith("teams"):
        empty |= {
            "teams.field.queue.rule": "fifo",
            "teams.field.headcount": 5,
            "customers.expansion.rate": "2 / mo",
        }
    parts: dict[str, Any] = {
        "segment": "large", "territory": "west", "source": "web", "origin": "expansion", "stage": stage or "meet",
        "value_at_least": 12_000, "value_below": 12_000, "score_at_least": 0, "score_below": 0, "top": "30 %",
    }  # fmt: skip
    return {f"{room}.{part}": Sample(value, empty) for part, value in parts.items()}


def _concession(name: str) -> dict[str, Any]:
    at = f"stages.*.concessions.{name}"

    def sample(key: str, value: Any, **before: Any) -> Sample:
        given = {"~.concessions": {name: before}, "~.convert": 0.4}
        return Sample(
            value,
            given,
            {
                "stage aside": Sample(value, {**given, "~.next": "propose"}),
                "stage after the booking": Sample(
                    value, given if "onboarding" in key else {**given, "~.next": "end"}
                ),
            },
        )

    def sooner(value: Any, before: dict[str, Any]) -> Sample:
        """What acts on decisions that come after a quota period closes."""
        one = sample("pulls_forward", value, share=1, odds=2, pulls_forward=before)
        late = {"~.decision": "20 d"}
        return Sample(
            value,
            {**one.given, **late},
            {place: Sample(value, {**each.given, **late}) for place, each in one.instead.items()},
        )

    return {
        f"{at}.share": sample("share", 0.9, share=0.1, odds=4),
        f"{at}.under_pressure": sample("under_pressure", 1, share=0.1, odds=90),
        f"{at}.discount": sample("discount", 0.3, share=1, odds=2),
        f"{at}.odds": sample("odds", 40, share=1, odds=2),
        f"{at}.win": sample("win", 1.5, share=1),
        f"{at}.onboarding": sample("onboarding", 3, share=1, odds=2),
        f"{at}.health": sample("health", 0.6, share=1, odds=2),
        f"{at}.pulls_forward.share": sooner(1, {"share": 0, "by": "18 d"}),
        f"{at}.pulls_forward.by": sooner("18 d", {"share": 1, "by": "1 h"}),
    }


SAMPLES: dict[str, Any] = {
    "funnelsim": 2,
    "name": "An other name",
    "description": {"en": "What it is for", "ja": "何のためか"},
    "start": "2026-01-07",
    "horizon": "6 w",
    "warmup": "2 w",
    "fiscal_year": 4,
    "currency": "JPY",
    "exchange": with_({"EUR": 2}, {"costs": {"crm": "70_000 EUR / mo"}}),
    "revenue": "one_off",
    "gross_margin": 0.5,
    "costs": {"crm": "70_000 / mo"},
    "score_accuracy": 0.9,
    "calendars.*.days": "tue-sat",
    "calendars.*.hours": "08:00-16:00",
    "calendars.*.holidays": "JP",
    "calendars.*.closed": ["2026-02-03"],
    "calendars.*.week": with_({"mon-thu": "07:00-17:00"}, {"~.days": None, "~.hours": None}),
    "segments.*.share": 5,
    "segments.*.value": 3_000,
    "segments.*.label": "The small ones",
    "segments.*.role": "small",
    "territories": with_({"east": 1, "west": 4}, {"teams.field.serves": {"east": 2}}),
    "milestones.*": "propose",
    "opening.customers": 90,
    "opening.leads": {"screen": 12},
    "opening.deals.0.stage": with_("screen", _DEAL),
    "opening.deals.0.value": with_(77_000, _DEAL),
    "opening.deals.0.age": with_("9 d", _DEAL),
    "opening.deals.0.touches": with_(1, _STANDS),
    "opening.deals.0.since_touch": with_("1 h", _STANDS),
    "opening.deals.0.since_created": with_("30 d", _STANDS),
    "opening.deals.0.waited": with_(
        "9 d", {**_STANDS, "stages.meet.convert": 0.97, "stages.meet.concessions": None}
    ),
    "opening.deals.0.waiting": with_(True, _STANDS),
    "opening.deals.0.owner": with_("B", _DEAL),
    "opening.deals.0.booked": with_(True, _AROUND),
    "opening.deals.0.source": with_("fair", _DEAL),
    "opening.deals.0.segment": with_("large", _DEAL),
    "opening.deals.0.territory": with_("east", _DEAL),
    "sources.*.rate": with_(
        "9 / d", source_with_every="1 / d", source_worked_by_a_team="1 / d", source_of_bursts="1 / d"
    ),
    "sources.*.every": "30 h",
    "sources.*.team": with_("success", source_worked_by_a_team="success"),
    "sources.*.effort": "50 min",
    "sources.*.yield": 0.2,
    "sources.*.market": 60,
    "sources.*.cooling": "9 d",
    "sources.*.batch": 2,
    "sources.*.calendar": "office",
    "sources.*.pattern.month": {"feb": 3},
    "sources.*.pattern.weekday": {"mon": 3},
    "sources.*.pattern.hour": {"9-12": 5},
    "sources.*.bursts.0.at": with_("5 w", {"~.bursts": [{"at": "4 w", "leads": 20, "over": "2 d"}]}),
    "sources.*.bursts.0.leads": with_(40, {"~.bursts": [{"at": "4 w", "leads": 20, "over": "2 d"}]}),
    "sources.*.bursts.0.over": with_("5 d", {"~.bursts": [{"at": "4 w", "leads": 20, "over": "2 d"}]}),
    "sources.*.growth": 2,
    "sources.*.dispersion": 4,
    "sources.*.mix": {"small": 1, "large": 99},
    "sources.*.quality": 0.8,
    "sources.*.readiness.ready": with_(0.2, {"~.readiness": {"ready": 0.6, "later": 0.4, "time": "5 d"}}),
    "sources.*.readiness.later": with_(0.9, {"~.readiness": {"ready": 0.6, "later": 0.1, "time": "5 d"}}),
    "sources.*.readiness.never": with_(0.9, {"~.readiness": {"ready": 0.6, "later": 0.1, "time": "5 d"}}),
    "sources.*.readiness.time": with_("1 d", {"~.readiness": {"ready": 0.2, "later": 0.8, "time": "5 d"}}),
    "sources.*.cost": 70,
    "sources.*.to": "meet",
    "sources.*.key": "former",
    "sources.*.label": "Another name",
    "sources.*.role": ["inbound", "chat"],
    "scale": with_(2, {"opening": None}),  # which a phase cannot fill anew
    "teams.*.from": with_(
        ["inside", "success"],
        {f"~.{key}": None for key in ("headcount", "skill", "speed", "ramp", "tenure", "attrition", "cost")}
        | {"~.absence.days": None, "teams.success.calendar": None},
    ),
    "teams.*.unlike": with_(
        "averaged",
        {f"~.{key}": None for key in ("headcount", "skill", "speed", "ramp", "tenure", "attrition", "cost")}
        | {"~.absence.days": None, "teams.success.calendar": None, "~.from": ["inside", "success"]},
    ),
    "teams.*.headcount": 2.5,
    "teams.*.calendar": "shop",
    "teams.*.selling_share": 0.5,
    "teams.*.wip_limit": 2,
    "teams.*.queue.rule": "lifo",
    **_selector("teams.*.queue.first"),
    **_selector("teams.*.queue.last"),
    **_selector("teams.*.queue.ignore"),
    "teams.*.queue.joint": "first",
    "teams.*.routing.rule": "best_skill",
    "teams.*.routing.weights": with_([2, 1], {"~.routing": {"rule": "round_robin"}}),
    "teams.*.assign": "when_free",
    "teams.*.serves": {"east": 2, "west": 2},
    "teams.*.skill.mean": 0.9,
    "teams.*.skill.sd": 0.9,
    "teams.*.skill.floor": 0.5,
    "teams.*.skill.seats": [0.5, 0.4],
    "teams.*.skill.at": {"meet": 0.9},
    "teams.*.speed.at": {"meet": 0.5},
    "teams.*.speed.mean": 2,
    "teams.*.speed.sd": 0.5,
    "teams.*.speed.seats": [2, 0.5],
    "teams.*.at_closing": "finish",
    "teams.*.ramp.months": with_([0.2, 0.4, 1], {"~.ramp": None, "~.tenure": None}),
    "teams.*.ramp.start": 0.1,
    "teams.*.ramp.time": "20 w",
    "teams.*.tenure": "20 w",
    "teams.*.switching": 0.1,
    "teams.*.switching_from": 0,
    "teams.*.attrition": 9,
    "teams.*.hiring.time_to_fill": "20 d",
    "teams.*.staffed_from": with_("inside", SPLIT),
    "teams.*.people": "everybody",
    "teams.*.absence.days": 90,
    "teams.*.absence.dates": ["2026-01-20..2026-01-23"],
    "teams.*.absence.routed": True,
    "teams.*.absence.release": "1 h",
    "teams.*.quota.amount": 5_000_000,
    "teams.*.quota.period": with_(
        "year",
        {
            "~.quota": {"amount": 900_000, "period": "month"},
            "stages.meet.concessions.discount": {"share": 0, "under_pressure": 1, "odds": 9},
        },
    ),
    "teams.*.cost.salary": "150_000 / y",
    "teams.*.cost.seat": "500 / mo",
    "teams.*.cost.commission.rate": 0.2,
    "teams.*.cost.commission.above_quota": with_(0.4, {"~.quota.amount": 9_000}),
    "teams.*.label": "Another name",
    "teams.*.role": "generalist",
    "teams.*.key": "former",
    "stages.*.team": with_("success", {"~.with": None}, stage_after_the_booking="inside"),
    "stages.*.continuity": "any_rep",
    "stages.*.with.team": with_(
        "inside",
        {"~.with": {"team": "success"}},
        stage_after_the_booking=Sample("field", {"~.with": {"team": "inside"}}),
    ),
    "stages.*.with.touches": with_(
        "first",
        {"~.with": {"team": "success"}, "~.touches": 2.5},
        stage_after_the_booking=Sample("first", {"~.with": {"team": "field"}, "~.touches": 2.5}),
    ),
    "stages.*.with.keeps": with_(
        0.1,
        {"~.with": {"team": "success"}, "~.next": "onboard", "~.concessions": None},
        stage_after_the_booking=Sample(0.1, {"~.with": {"team": "field"}, "stages.survey.team": "field"}),
    ),
    **_selector("stages.*.accept"),
    "stages.*.handoff.delay": "30 h",
    "stages.*.handoff.dropout": 0.4,
    "stages.*.handoff.keeps": with_(0.1, stage_after_the_booking=Sample(0.1, {"~.context_weight": 1, **IN_TIME})),
    "stages.*.handoff.give": "2 h",
    "stages.*.handoff.take": "2 h",
    "stages.*.handoff.joint": "2 h",
    "stages.*.touches": 3,
    "stages.*.effort": "50 min",
    "stages.*.gap": with_(
        "9 h", {"~.touches": 2.5}, stage_without_a_team=Sample("9 h"), stage_that_nurtures=Sample("9 h")
    ),
    "stages.*.decision.advanced": "3 d",
    "stages.*.decision.lost": "4 d",
    "stages.*.patience": "2 h",
    "stages.*.timeout": "2 h",
    "stages.*.sla": with_(
        "1 h", {"teams.field.queue": "due", "teams.inside.queue": "due", "teams.field.headcount": 6}
    ),
    "stages.*.convert": 0.3,
    "stages.*.quality_weight": 2,
    "stages.*.context_weight": with_(
        1,
        stage_without_a_team=Sample(1, BACK),
        stage_aside=Sample(1, BACK),
        stage_after_the_booking=Sample(1, IN_TIME),
    ),
    "stages.*.rework": with_(3, stage_aside=Sample(3, BACK)),
    "stages.*.decay.half_life": with_("3 h", {"~.decay": None}),
    "stages.*.decay.floor": with_(0.9, {"~.decay": {"scale": "2 h", "power": 1}}),
    "stages.*.decay.scale": with_("2 d", {"~.decay": {"scale": "2 h", "power": 1}}),
    "stages.*.decay.power": with_(3, {"~.decay": {"scale": "2 h", "power": 1}}),
    "stages.*.unready.later": with_(
        0,
        stage_with_a_team=0.9,
        stage_that_nurtures=0.9,
        stage_after_the_booking=Sample(0, {"stages.meet.unready": None}),
    ),
    "stages.*.unready.never": with_(
        0,
        stage_with_a_team=5,
        stage_that_nurtures=0.9,
        stage_after_the_booking=Sample(0, {"stages.meet.unready": None}),
    ),
    "stages.*.unready.burned": with_(1, {"~.unready": {"later": 0.2, "never": 0.1}}),
    "stages.*.nurtures.notice": with_("5 d", UNDECIDED),
    "stages.*.lift": 3,
    **_concession("discount"),
    **_concession("promise"),
    "stages.*.next": with_(
        "end",
        {"~.concessions": None},
        stage_with_a_team="onboard",
        stage_without_a_team="propose",
        stage_after_the_booking="rescue",
    ),
    "stages.*.otherwise": "no_answer",
    "stages.*.on.rejected": with_("survey", {"~.accept": {"segment": "large"}}),
    "stages.*.on.expired": with_("survey", {"~.timeout": "3 h"}),
    "stages.*.on.blocked": with_(
        "survey",
        {
            "limits": [
                {"stages": ["machine", "meet", "propose"], "wip": 3, "full": "turn_away"},
                {"stages": ["rescue"], "wip": 1, "full": "turn_away"},
                {"stages": ["nurture"], "wip": 1, "full": "turn_away"},
                {"stages": ["onboard"], "wip": 1, "full": "turn_away"},
            ]
        },
    ),
    "stages.*.on.dropped": with_(
        "survey",
        {"~.handoff": {"dropout": 0.5}},
        stage_without_a_team=Sample("survey"),
        stage_that_nurtures=Sample("survey"),
    ),
    "stages.*.aside": with_(True, {"~.concessions": None}, stage_aside=False, stage_that_nurtures=False),
    "stages.*.at_most": with_(
        1,
        stage_without_a_team=Sample(1, {"stages.meet.otherwise": "machine"}),
        stage_aside=Sample(1, {"stages.meet.otherwise": "rescue"}),
        stage_after_the_booking=Sample(1, {"stages.survey.otherwise": "onboard"}),
    ),
    "stages.*.books": with_(True, {"sources.mail.to": "onboard"}),
    "stages.*.label": "Another name",
    "stages.*.role": ["meet", "demo"],
    "stages.*.key": with_("former", stage_that_nurtures=Sample("former", {"~.next": {"meet": 1, "rescue": 1}})),
    "limits.0.stages": ["screen", "machine"],
    "limits.0.wip": 3,
    "limits.0.full": "turn_away",
    "customers.team": "inside",
    "customers.care.every": "4 d",
    "customers.care.effort": "2 h",
    "customers.renewal.every": "2 w",
    "customers.renewal.effort": "2 h",
    "customers.renewal.churn": 0.8,
    "customers.health.start": 0.2,
    "customers.health.late_onboarding": 0.6,
    "customers.health.onboarding_due": "1 d",
    "customers.health.care_on_time": 0.2,
    "customers.health.care_late": with_(0.5, {"customers.care.every": "2 d", "teams.success.headcount": 1}),
    "customers.health.complaint_well": with_(0.2, IN_TIME),
    "customers.health.complaint_badly": with_(0.6, {"customers.complaint.sla": "5 min"}),
    "customers.health.ignored_lead": with_(
        0.6, {"customers.expansion": {"rate": "3 / mo", "to": "meet"}, "teams.field.headcount": 1}
    ),
    "customers.health.new_face": 0.3,
    "customers.health.lost_context": 0.9,
    "customers.health.day_waited": 0.3,
    "customers.health.rep_skill": with_(0.8, {"teams.success.skill": 0.5}),
    "customers.health_weight": 5,
    "customers.churn": "0.5 / mo",
    "customers.early.factor": with_(9, {"customers.churn": "0.5 / mo"}),
    "customers.early.first": with_("60 d", {"customers.early.factor": 9, "customers.churn": "0.1 / mo"}),
    "customers.expansion.rate": "2 / mo",
    "customers.expansion.health_weight": 5,
    "customers.expansion.to": "screen",
    "customers.expansion.value": 0.9,
    "customers.expansion.quality": 2,
    "customers.referral.rate": "2 / mo",
    "customers.referral.health_weight": 5,
    "customers.referral.to": "meet",
    "customers.referral.value": 0.9,
    "customers.referral.quality": 2,
    "customers.complaint.rate": "2 / mo",
    "customers.complaint.effort": "3 h",
    "customers.complaint.sla": "1 h",
    "customers.rep_change.health": with_(0.5, {"teams.success.attrition": 40}),
    "customers.rep_change.revenue": with_(0.9, {"teams.success.attrition": 40}),
    "customers.payment.delay": "60 d",
    "customers.payment.bad_debt": 0.3,
}
"""By the key, with `*` for the name of an entry."""

PHASE = {"from": "2026-01-26", "to": "2026-02-16", "change": {"teams.field.headcount": 1}}
"""A phase in which something else holds."""

IN_FILES: dict[str, Any] = {
    "phases.0.from": "2026-01-19",
    "phases.0.to": "2026-02-09",
    "phases.0.levers": ["half_the_work"],
    "phases.0.change": {"teams.field.headcount": 2},
    "extends": "company.yaml",
    "evidence": {"stages.meet.effort": {"grade": "C", "source": "somebody", "range": ["1 h", "2 h"]}},
    "uncertain": {"table": [{"stages.meet.effort": "2 h"}, {"stages.meet.effort": "3 h"}]},
    "levers": ["half_the_work"],
    "defaults.teams": {"calendar": "shop"},
    "defaults.stages": {"quality_weight": 2},
}
"""Keys of a file that bring parts of others together; tested one by one."""

DISTRIBUTIONS: dict[str, tuple[dict[str, Any], Any]] = {
    "constant.value": ({"value": "2 h"}, "3 h"),
    "exponential.mean": ({"mean": "2 h"}, "3 h"),
    "lognormal.median": ({"median": "2 h", "sigma": 0.5}, "3 h"),
    "lognormal.sigma": ({"median": "2 h", "sigma": 0.5}, 0.9),
    "lognormal.mean": ({"mean": "2 h", "sd": "1 h"}, "3 h"),
    "lognormal.sd": ({"mean": "2 h", "sd": "1 h"}, "2 h"),
    "lognormal.cv": ({"mean": "2 h", "cv": 0.5}, 0.9),
    "gamma.mean": ({"mean": "2 h", "cv": 0.5}, "3 h"),
    "gamma.cv": ({"mean": "2 h", "cv": 0.5}, 0.9),
    "weibull.shape": ({"shape": 1.5, "scale": "2 h"}, 0.9),
    "weibull.scale": ({"shape": 1.5, "scale": "2 h"}, "3 h"),
    "uniform.low": ({"low": "1 h", "high": "3 h"}, "2 h"),
    "uniform.high": ({"low": "1 h", "high": "3 h"}, "4 h"),
    "triangular.low": ({"low": "1 h", "mode": "2 h", "high": "3 h"}, "90 min"),
    "triangular.mode": ({"low": "1 h", "mode": "2 h", "high": "3 h"}, "150 min"),
    "triangular.high": ({"low": "1 h", "mode": "2 h", "high": "3 h"}, "4 h"),
    "erlang.mean": ({"mean": "2 h", "k": 2}, "3 h"),
    "erlang.k": ({"mean": "2 h", "k": 2}, 5),
    "empirical.values": ({"values": ["1 h", "2 h"]}, ["1 h", "3 h"]),
    "exponential.dist": ({"mean": "2 h"}, "constant"),
    "exponential.times": ({"mean": "2 h"}, 3),
    "exponential.meets": ({"mean": "2 h"}, "1 w"),
    "exponential.multiply": ({"mean": "2 h"}, 2),
    "exponential.add": ({"mean": "2 h"}, "1 h"),
}
"""By family and key: the other parameters, and another value of the key."""
