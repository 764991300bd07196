"""What users write as other tools and countries do, and what they are told to write instead."""

from __future__ import annotations

from typing import Any

import pytest

from funnelsim.scenario.forms.suggestions import nearest, suggestion
from funnelsim.scenario.forms.synonyms import TABLE
from funnelsim.scenario.study.spec import StudySpec

from .test_values import SOURCE, STAGE, TEAM, read, refusal

SALARY, VALUE, COST = f"{TEAM}.cost.salary", "segments.small.value", f"{SOURCE}.cost"
EFFORT, GAP, RATE, SHARE = f"{STAGE}.effort", f"{STAGE}.gap", f"{SOURCE}.rate", f"{STAGE}.convert"
OFFICE = "calendars.office"

MONEY = [
    ("¥3,600,000", "¥3_600_000", "3_600_000 JPY"),
    ("￥３，６００，０００", "¥3_600_000", "3_600_000 JPY"),
    ("27.500,50 €", "27500.5 €", "27500.5 EUR"),
    ("1.000.000", "1_000_000", "1_000_000"),
    ("1,5", "1.5", "1.5"),
    ("3 600 000", "3_600_000", "3_600_000"),
    ("3,6M", "3.6M", "3_600_000"),
    ("15,000", "15_000, or 15 if the comma is a decimal point", "15_000"),
]
"""Amounts of money as they are written elsewhere, and here: alone, and per time."""


@pytest.mark.parametrize(("written", "ours", "of_a_time"), MONEY)
def test_money(written: str, ours: str, of_a_time: str) -> None:
    """One rule for all places of money; a currency is kept in what is to be written."""
    for path in (
        VALUE,
        COST,
        f"{TEAM}.quota.amount",
        "opening.deals.0.value",
        f"{STAGE}.accept.value_at_least",
        "customers.referral.value",
    ):
        *before, last = path.split(".0.") if ".0." in path else (path,)
        said = refusal(before[0], [{"stage": "sell", last: written}]) if before else refusal(path, written)
        assert said.endswith(f"; write {ours}"), (path, said)
    for path in (VALUE, "customers.referral.value"):
        assert f"; write {ours}" in refusal(path, {"dist": "lognormal", "median": written, "sigma": 1})
    for said in (refusal(SALARY, written), refusal("costs", {"crm": written})):
        assert f"'{of_a_time} / y' for a year" in said
        assert f"'{of_a_time} / mo' for a month" in said


REMEDIES = [
    # --- money per time
    (SALARY, 9_000_000, "write '9_000_000 / y' for a year, '9_000_000 / mo' for a month"),
    (SALARY, 300, "write '300 / mo' for a month, '300 / y' for a year"),
    (SALARY, "360万円 / 年", "write '3_600_000 JPY / y'"),
    (SALARY, "月900万円", "write '9_000_000 JPY / mo'"),
    (SALARY, "100 USD / month", "write '100 USD / mo'"),
    (SALARY, "9_000_000 / year", "write '9_000_000 / y'"),
    (SALARY, "20 h", "which is a length of time; write money per time, such as '40 / h'"),
    (VALUE, "12 / mo", "write the number alone: 12"),
    # --- numbers
    (SHARE, 30, "write 0.3 or 30 % if 30 of 100 are meant"),
    (SHARE, "30 percent", "write 0.3"),
    (SHARE, "3割", "write 0.3"),
    (SHARE, "0,3", "write 0.3"),
    (SHARE, "1/2", "write 0.5"),
    (f"{TEAM}.headcount", "5人", "write 5"),
    (f"{TEAM}.headcount", "007", "write 7"),
    (f"{TEAM}.headcount", "010", "write 10"),
    (f"{TEAM}.headcount", 3.6, "posts are planned in quarters, and the nearest is 3.5"),
    ("warmup", "0", "write '0 d' or '0 mo'"),
    (EFFORT, "1 open h", "write '1 h'"),
    (RATE, "2 / 時", "write '2 / h'"),
    (f"{TEAM}.queue", "先入先出", "write 'fifo'"),
    (f"{STAGE}.team", 1, "expected the name of a team, found 1"),
    ("funnelsim", 2, "expected 1, found 2; it is the version of the language, of which this funnelsim reads 1"),
    (f"{TEAM}.headcount", "5 reps", "write 5"),
    (f"{TEAM}.headcount", "5", "write 5 without quotation marks"),
    (f"{STAGE}.books", "yes", "write true"),
    (f"{STAGE}.books", "off", "write false"),
    (f"{STAGE}.books", "はい", "write true"),
    (f"{STAGE}.books", 0, "write false"),
    # --- lengths of time
    *((GAP, f"2 {unit}", "write '2 mo'") for unit in ("month", "months", "か月", "ヶ月", "カ月")),
    *((GAP, f"2 {unit}", "write '2 d'") for unit in ("day", "days", "日", "日間")),
    *((GAP, f"2 {unit}", "write '2 h'") for unit in ("hr", "hrs", "hour", "hours", "時間", "H")),
    *((GAP, f"2 {unit}", "write '2 w'") for unit in ("week", "weeks", "週", "週間")),
    *((GAP, f"2 {unit}", "write '2 y'") for unit in ("year", "years", "yr", "年")),
    *((GAP, f"2 {unit}", "write '2 min'") for unit in ("minute", "minutes", "mins", "分")),
    *((GAP, f"2 {unit}", "write '2 s'") for unit in ("sec", "seconds", "秒")),
    *((GAP, f"2 {unit}", "write '2 bd'") for unit in ("business days", "working days", "営業日")),
    (GAP, "5 m", "write '5 min' for minutes, '5 mo' for months"),
    (EFFORT, "5 m", "write '5 min' for minutes"),
    (GAP, "1h30m", "write '90 min'"),
    (GAP, "1時間30分", "write '90 min'"),
    (GAP, "1:30", "write '90 min' if 1:30 means hours and minutes"),
    (GAP, "PT2H", "write '2 h'"),
    (GAP, "2-3 d", "write {dist: uniform, low: 2 d, high: 3 d}"),
    (GAP, "2 quarters", "write '6 mo'"),
    (GAP, 3, "write '3 d' or '3 mo'"),
    (EFFORT, 15, "write '15 min' or '15 h'"),
    (EFFORT, "3 d", "write '3 bd' for that many days of work"),
    (EFFORT, "2 weeks", "write '10 bd' for that many days of work"),
    (EFFORT, "1 mo", "write it in h"),
    (f"{TEAM}.absence.dates", ["2026/8/10"], "write 2026-08-10"),
    # --- so many per time
    (RATE, "5 per day", "write '5 / d'"),
    (RATE, "5/day", "write '5 / d'"),
    (RATE, "500件/月", "write '500 / mo'"),
    (RATE, "月500件", "write '500 / mo'"),
    (RATE, "1 / 2 h", "write '0.5 / h'"),
    (RATE, "20 per business day", "write '20 / bd'"),
    (RATE, "20 / 営業日", "write '20 / bd'"),
    (RATE, "5 per working hour", "write '5 / open h'"),
    (RATE, "5 / m", "write '5 / mo' for each month, '5 / min' for each minute"),
    (RATE, "5 h", "write `every: 5 h` in place of `rate`"),
    (RATE, 5, "write '5 / mo' for a month, '5 / y' for a year"),
    ("customers.churn", "12 %", "write '0.12 / mo' for a month, '0.12 / y' for a year"),
    ("customers.churn", 0.02, "write '0.02 / mo' for a month, '0.02 / y' for a year"),
    # --- dates and hours
    ("start", "2026/4/1", "write 2026-04-01"),
    ("start", "2026年4月1日", "write 2026-04-01"),
    ("start", 20260401, "write 2026-04-01"),
    ("start", "4/5/2026", "write 2026-05-04, or 2026-04-05"),
    (f"{OFFICE}.hours", "9-17", "write 09:00-17:00"),
    (f"{OFFICE}.hours", "9時〜17時", "write 09:00-17:00"),
    (f"{OFFICE}.hours", "9am-5pm", "write 09:00-17:00"),
    (f"{OFFICE}.hours", "09:00-12:00、13:00-18:00", 'write ["09:00-12:00", "13:00-18:00"]'),
    (f"{OFFICE}.days", "月", "write 'mon'"),
    (f"{OFFICE}.days", "平日", "write mon-fri"),
    (f"{SOURCE}.pattern.month", {"4月": 2}, "write 'apr'"),
    # --- distributions of other tools
    (EFFORT, {"dist": "normal", "mean": "2 h", "sd": "1 h"}, "write 'lognormal' (with mean and sd"),
    (EFFORT, {"dist": "gauss"}, "write 'lognormal'"),
    (EFFORT, {"dist": "norm", "mean": "2 h", "scale": "1 h"}, "write 'loc'"),
    (EFFORT, {"dist": "norm", "loc": "2 h", "sd": "1 h"}, "write 'scale'"),
    *((EFFORT, {"dist": name}, "write 'exponential'") for name in ("exp", "expo", "negexp", "指数分布")),
    *((EFFORT, {"dist": name}, "write 'triangular'") for name in ("tri", "triangle", "三角分布")),
    *((EFFORT, {"dist": name}, "write 'constant'") for name in ("const", "fixed", "deterministic")),
    (EFFORT, {"dist": "discrete"}, "write 'empirical'"),
    (f"{STAGE}.touches", {"dist": "poisson", "mean": 3}, "write 'mu'"),
    (EFFORT, {"dist": "uniform", "min": "1 h", "high": "2 h"}, "write 'low'"),
    (EFFORT, {"dist": "uniform", "low": "1 h", "max": "2 h"}, "write 'high'"),
    *(
        (EFFORT, {"dist": "lognormal", "mean": "1 h", word: "1 h"}, "write 'sd'")
        for word in ("std", "stdev", "var")
    ),
    (EFFORT, {"dist": "exponential", "lambda": 3}, "write 'mean' (1 / rate)"),
    (EFFORT, {"dist": "gamma", "shape": 3, "mean": "1 h"}, "write 'cv'"),
    (EFFORT, {"dist": "gamma", "mean": "1 h", "sigma": "1 h"}, "write 'cv'"),
    # --- queue rules
    *((f"{TEAM}.queue", rule, "write 'fifo'") for rule in ("fcfs", "FCFS", "先着順", "priority")),
    *((f"{TEAM}.queue", rule, "write 'lifo'") for rule in ("lcfs", "stack")),
    *((f"{TEAM}.queue", rule, "write 'value_per_hour'") for rule in ("sjf", "spt")),
    (f"{TEAM}.queue", "edd", "write 'due'"),
    (f"{TEAM}.queue", {"sjf": 1}, "write 'value_per_hour'"),
    # --- keys
    *((f"{TEAM}.{key}", 5, "write 'headcount'") for key in ("servers", "capacity", "agents", "size", "人数")),
    *((f"{TEAM}.{key}", 5, "write 'calendar'") for key in ("schedule", "shift", "hours", "カレンダー")),
    (f"{TEAM}.queue_limit", 5, "limits: [{stages: [NAME], wip: 40}]"),
    (f"{TEAM}.給与", 5, "cost: {salary: 9_000_000 / y}"),
    *((f"{SOURCE}.{key}", 5, "write 'every'") for key in ("arrival", "interarrival", "iat")),
    *((f"{STAGE}.{key}", 5, "write 'effort'") for key in ("duration", "time", "service_time", "工数")),
    *(
        (f"{STAGE}.{key}", 5, "write 'convert'")
        for key in ("probability", "rate", "conversion", "win_rate", "転換率")
    ),
    (f"{STAGE}.queue_limit", 5, "limits: [{stages: [NAME], wip: 40}]"),
    (f"{STAGE}.担当", 5, "write 'team'"),
    ("stage", {}, "write 'stages'"),
    ("チーム", {}, "write 'teams'"),
    ("ステージ", {}, "write 'stages'"),
    ("期間", {}, "write 'horizon'"),
    ("人数", 5, "teams: {NAME: {headcount: 5}}"),
    ("seed", 5, "--seed 1"),
    (f"{OFFICE}.休業日", [], "write 'closed'"),
    (EFFORT, {"dist": "lognorm", "sigma": 0.5, "scale": "14 h"}, "write 's'"),
    (EFFORT, {"dist": "expon", "mean": "14 h"}, "write 'scale'"),
    (EFFORT, {"dist": "weibull", "sd": "14 h", "shape": 2}, "it takes shape, scale"),
    (EFFORT, {"dist": "exponential", "scale": "14 h"}, "write 'mean'"),
    (EFFORT, {"dist": "scipy.stats.gamma", "a": 2}, "write 'gamma'"),
    (EFFORT, {"dist": "cauchy", "scale": "14 h"}, "cauchy has no finite mean"),
    # --- a bare value, or a list in one text
    (f"{OFFICE}.hours", "9:00-12:00 13:00-18:00", 'write ["09:00-12:00", "13:00-18:00"]'),
    (f"{OFFICE}.closed", ["12-29..01-03、08-13..08-16"], "write [12-29..01-03, 08-13..08-16]"),
    (f"{TEAM}.queue", "fifo　# 先着順", "the space before # is a full-width one"),
    (f"{TEAM}.ramp", "6か月", "write {start: 0.3, time: 6 mo}, or a list by month: [0, 0.25, 0.5, 0.75, 1]"),
    (f"{TEAM}.ramp", "0,25,50,75,100%", "by month: [0, 0.25, 0.5, 0.75, 1]"),
    (f"{TEAM}.absence", 10, "write {days: 10}"),
    (f"{STAGE}.handoff", "2営業日", "write {delay: 2 bd}"),
    (f"{STAGE}.decay", "7 d", "write {half_life: 7 d}"),
    # --- choices in Japanese
    ("revenue", "買い切り", "write 'one_off'"),
    (f"{TEAM}.採用", 5, "write 'hiring'"),
    (f"{TEAM}.quota", {"amount": 5, "期間": "year"}, "write 'period'"),
    (f"{TEAM}.quota", {"amount": 5, "period": "四半期"}, "write 'quarter'"),
    (f"{TEAM}.quota", {"amount": 5, "period": "月"}, "write 'month'"),
    (f"{TEAM}.routing", "順番", "write 'round_robin'"),
    (f"{TEAM}.assign", "即時", "write 'on_arrival'"),
    (f"{TEAM}.at_closing", "残業", "write 'finish'"),
    ("limits", [{"stages": ["sell"], "wip": 3, "full": "断る"}], "write 'turn_away'"),
    *((f"{OFFICE}.holidays", word, "; write JP") for word in ("日本", "祝日", "jp", "Japan")),
    # --- signs that look alike
    (f"{STAGE}.convert：0", None, "'：' is no colon but a full-width sign; write `convert: 0`"),
    (f"{STAGE}.convert:0", None, "a colon needs a space behind it; write `convert: 0`"),
    (f"{STAGE}.team", "“desk”", "did you mean 'desk'?"),
    (f"{TEAM}.routing", "least", "did you mean 'least_loaded'?"),
]


@pytest.mark.parametrize(("path", "written", "remedy"), REMEDIES, ids=str)
def test_the_remedy_is_what_to_write(path: str, written: Any, remedy: str) -> None:
    assert remedy in refusal(path, written)


@pytest.mark.parametrize(
    ("path", "written", "same"),
    [
        (EFFORT, "２０　ｍｉｎ", "20 min"),
        (EFFORT, "20 s", {"dist": "constant", "value": "0.3333333333333333 min"}),
        (SHARE, "３０％", 0.3),
        (SHARE, "30%", 0.3),
        ("customers.churn", "12% / y", "0.12 / y"),
        (f"{SOURCE}.growth", "−5 %", -0.05),
        (f"{OFFICE}.hours", "０９：００–１７：００", "09:00-17:00"),
    ],
)
def test_signs_that_look_alike_are_read_where_nothing_else_can_be_meant(
    path: str, written: Any, same: Any
) -> None:
    assert read(path, written) == read(path, same)


@pytest.mark.parametrize(
    ("key", "ours"),
    [
        ("scenarios", "arms"),
        ("factors", "vary"),
        ("objective", "maximise"),
        ("runs", "replications"),
        ("指標", "kpis"),
    ],
)
def test_keys_of_studies(key: str, ours: str) -> None:
    assert suggestion(key, StudySpec.keys()) in (
        f"write {ours!r}",
        f"write {ours!r} (or `minimise`, with the name of a KPI)",
    )


def test_words_lead_to_names_of_the_language() -> None:
    """Each row of the table names something, and no word is our own name at the place it leads away from."""
    for row in TABLE:
        words = [word.strip() for word in row.words.split(",")]
        assert all(words), row
        assert all(word == word.casefold() for word in words), row
        assert row.ours not in words, row
        assert row.ours or row.note, row


@pytest.mark.parametrize(
    ("name", "known", "close"),
    [
        ("育て", ["商談", "育成"], "育成"),
        ("商淡", ["商談", "育成"], "商談"),
        ("ＷＥＢ", ["web"], "web"),
        ("ﾁｰﾑ", ["チーム"], "チーム"),
        ("営業一部", ["営業二部", "支援"], "営業二部"),
        ("失注", ["受注"], None),
        ("提案", ["商談", "育成"], None),
    ],
)
def test_the_nearest_of_short_names(name: str, known: list[str], close: str | None) -> None:
    assert nearest(name, known) == close


@pytest.mark.parametrize(("word", "ours"), [("受注", "won"), ("売上", "bookings"), ("粗利", "gross_profit")])
def test_kpis_in_japanese(word: str, ours: str) -> None:
    said = suggestion(word, ["won", "bookings", "revenue", "gross_profit"])
    assert said is not None
    assert said.startswith(f"write {ours!r}")


@pytest.mark.parametrize("written", ["3 dd", {"dist": "cauchy", "scale": "3 d"}])
def test_a_value_that_stands_for_two_keys_is_told_once(written: Any) -> None:
    said = refusal(f"{STAGE}.decision", written)
    assert len(said.splitlines()) == 1
    assert said.startswith(f"{STAGE}.decision: ")
