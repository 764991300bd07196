"""Money with its currency: where it is read, what it comes to, and what is refused or told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import funnelsim as fs
from funnelsim import Scenario, ScenarioError
from funnelsim.scenario.changing.extended import FILE, SPEC
from funnelsim.scenario.changing.money import _Each
from funnelsim.scenario.forms.base import Names
from funnelsim.scenario.forms.currencies import CURRENCIES, ROUND, SIGNS, Exchange, assumed
from funnelsim.scenario.forms.money import MoneyForm, cash, exchange_of
from funnelsim.scenario.reading.document import plain
from funnelsim.scenario.reading.reader import read_text

ROOT = Path(__file__).parents[2]
BASE: dict[str, Any] = {
    "funnelsim": 1,
    "name": "One desk",
    "horizon": "12 mo",
    "currency": "JPY",
    "exchange": {"USD": 100},
    "sources": {"web": {"rate": "20 / mo"}},
    "segments": {"small": {"share": 1}},
    "teams": {"desk": {"headcount": 2, "queue": "value"}},
    "stages": {"sell": {"team": "desk", "effort": "1 h"}},
}
USD_TO_JPY = "exchange: 1 USD is taken as 150 JPY, a round number (evidence M: an assumption)"


def scenario(*changes: dict[str, Any], **more: Any) -> Scenario:
    """The desk with more, and with changes laid over it."""
    made = Scenario.from_dict({**BASE, **more})
    for change in changes:
        made = made.change(change)
    return made


@pytest.mark.parametrize(
    ("written", "amount", "code"),
    [
        ("100 USD", 100, "USD"),
        ("USD 100", 100, "USD"),
        ("27_000.5 EUR", 27_000.5, "EUR"),
        ("¥3_000", 3_000, "JPY"),
        ("￥３０００", 3_000, "JPY"),
        ("$5k", 5_000, "USD"),
        ("US$5", 5, "USD"),
        ("£2", 2, "GBP"),
        ("3.6M", 3_600_000, ""),
        ("50K EUR", 50_000, "EUR"),
        ("3万円", 30_000, "JPY"),
        ("５千円", 5_000, "JPY"),
        ("3百万円", 3_000_000, "JPY"),
        ("1億5000万", 150_000_000, ""),
        ("100ドル", 100, "USD"),
        ("3MXN", 3, "MXN"),
        ("-5 USD", -5, "USD"),
        ("1e3 USD", 1_000, "USD"),
    ],
)
def test_amounts_are_read(written: str, amount: float, code: str) -> None:
    money = cash(written, Exchange("JPY"))
    assert money is not None
    assert (money.amount, money.code) == (amount, code)


@pytest.mark.parametrize(
    "written",
    ["100", "27_000", "3,5 USD", "¥3,600,000", "5 people", "2 h", "5000万1億", "", "USD", "12 %", "--5 USD"],
)
def test_what_is_no_such_amount_is_left_to_the_others(written: str) -> None:
    assert cash(written, Exchange("JPY")) is None


FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "teams.desk.cost.salary": ({}, "rate"),
    "costs": ({}, "rates"),
    "sources.web.cost": ({}, "number"),
    "teams.desk.quota": ({}, "number"),
    "segments.small.value": ({}, "number"),
    "segments.small.value.median": (
        {"segments.small.value": {"dist": "lognormal", "median": 1, "sigma": 1}},
        "number",
    ),
    "segments.small.value.add": ({"segments.small.value": {"dist": "exponential", "mean": 1}}, "number"),
    "segments.small.value.values": ({"segments.small.value": {"dist": "empirical", "values": [1]}}, "list"),
    "segments.small.value.loc": ({"segments.small.value": {"dist": "gamma", "mean": 1, "cv": 1}}, "scipy"),
    "customers.referral.value": ({"customers.referral.rate": "1 / y"}, "number"),
    "opening.deals": ({}, "deals"),
    "stages.sell.accept": ({"segments.small.value": 9_000_000}, "selector"),
    "teams.desk.queue.first": ({}, "selector"),
    "teams.desk.queue.last": ({}, "selector below"),
}
"""Every field that is money, with what it needs and how an amount is put into it."""


def put(kind: str, amount: Any) -> Any:
    """A value of a field with an amount in it; of text one with its currency."""
    per = f"{amount} / mo"
    return {
        "rate": per,
        "rates": {"crm": per},
        "number": amount,
        "list": [amount, amount],
        "scipy": {"dist": "norm", "loc": amount, "scale": amount},
        "deals": [{"stage": "sell", "value": amount}],
        "selector": {"value_at_least": amount},
        "selector below": {"value_below": amount},
    }[kind]


@pytest.mark.parametrize("path", FIELDS)
@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("500 USD", 50_000),
        ("$500", 50_000),
        ("USD 0.5k", 50_000),
        ("5万円", 50_000),
        ("¥50_000", 50_000),
        ("50k", 50_000),
    ],
)
def test_every_field_of_money_takes_them(path: str, written: str, own: int) -> None:
    given, kind = FIELDS[path]
    path = "segments.small.value" if kind == "scipy" else path
    foreign, plainly = (scenario(given, {path: {"set": put(kind, one)}}) for one in (written, own))
    assert foreign.spec == plainly.spec
    assert foreign.fingerprint == plainly.fingerprint
    again = Scenario.from_dict(foreign.document)
    assert again.spec == foreign.spec  # what is kept is converted once more, from what was written
    assert Scenario.from_dict(again.document).document == again.document


def test_the_list_of_fields_is_whole() -> None:
    """Whatever the types call money is in the list above."""
    seen: set[str] = set()

    def note(form: Any, value: Any) -> Any:
        seen.add(str(value).partition("@")[2])
        return value

    document = {
        "costs": {"x": "@costs"},
        "sources": {"web": {"cost": "@source"}},
        "segments": {"small": {"value": {"dist": "uniform", "low": "@low", "high": "@high", "add": "@add"}}},
        "teams": {"desk": {"quota": {"amount": "@quota"}, "cost": {"salary": "@salary"},
                           "queue": {"first": [{"value_at_least": "@first"}]}}},
        "opening": {"deals": [{"value": "@deal"}]},
        "customers": {"referral": {"small": {"value": "@referral"}}},
        "stages": {"sell": {"accept": {"value_below": "@accept"}}},
        "phases": [{"change": {"teams.desk.cost.salary": {"add": "@phase"}, "sources.*.cost": "@star"}}],
        "defaults": {"teams": {"cost.salary": "@default"}},
    }  # fmt: skip
    _Each(FILE, Names.of(document), note).fragment(FILE, document)
    wanted = {"costs", "source", "low", "high", "add", "quota", "salary", "first", "deal", "referral", "accept",
              "phase", "star", "default"}  # fmt: skip
    assert seen == wanted


# --- conversion ---------------------------------------------------------------------------------------------


def test_a_rate_that_is_missing_is_a_round_number_and_told_once() -> None:
    made = scenario({"exchange": None, "costs": {"crm": "10 USD / mo"}, "sources.web.cost": "2 USD"})
    assert dict(made.spec.costs)["crm"].amount == 1_500
    assert [text for text in made.warnings if text.startswith("exchange")] == [
        f"{USD_TO_JPY}; write yours as exchange: {{USD: 150}}"
    ]
    assert [text for text in made.change({"exchange": {"USD": 120}}).warnings if "exchange" in text] == []
    assert dict(made.change({"exchange.USD": 120}).spec.costs)["crm"].amount == 1_200


def test_what_is_added_is_converted_and_told() -> None:
    made = scenario({"exchange": None, "sources.web.cost": 1_000}, {"sources.web.cost": {"add": "2 USD"}})
    assert made.spec.sources["web"].cost == 1_300
    assert made.document["sources"]["web"]["cost"] == 1_300
    assert any(text.startswith(USD_TO_JPY) for text in made.warnings)


def test_what_keeps_its_currency_is_told_of_as_it_is_in_the_end() -> None:
    made = scenario({"exchange": None, "sources.web.cost": "1 USD"}, {"sources.web.cost": {"add": "2 USD"}})
    assert any(text.startswith(USD_TO_JPY) for text in made.warnings)
    given = made.change({"exchange": {"USD": 120}})
    assert given.spec.sources["web"].cost == 360
    assert not any("exchange" in text for text in given.warnings)


@pytest.mark.parametrize(
    ("there", "change", "becomes"),
    [
        ("2 USD", {"add": "3 USD"}, "5 USD"),
        ("2 USD", {"multiply": 1.5}, "3 USD"),
        ("2 USD", {"add": "-1 USD"}, "1 USD"),
        ("2 USD", {"add": 50}, 250.0),
        (200, {"add": "-$1"}, 100.0),
        ("3万円", {"multiply": 2}, "60000 JPY"),
        ("3k", {"add": "1k"}, 4000.0),
        (200, {"add": 1}, 201.0),
    ],
)
def test_changes_keep_a_currency_where_they_can(there: Any, change: dict[str, Any], becomes: Any) -> None:
    made = scenario({"sources.web.cost": there}, {"sources.web.cost": change})
    assert made.document["sources"]["web"]["cost"] == becomes


@pytest.mark.parametrize(
    ("there", "change", "becomes"),
    [
        ("2 USD / mo", {"add": "3 USD / mo"}, "5 USD / mo"),
        ("2 USD / mo", {"add": "12 USD / y"}, "3 USD / mo"),
        ("2 USD / mo", {"multiply": 2}, "4 USD / mo"),
        ("500 / mo", {"add": "-2 USD / mo"}, "300 / mo"),
        ("2 USD / mo", {"add": "100 / mo"}, "300 / mo"),
        ("月額3万円", {"multiply": 2}, "60000 JPY / mo"),
    ],
)
def test_so_do_changes_of_money_per_time(there: str, change: dict[str, Any], becomes: str) -> None:
    made = scenario({"costs": {"crm": there}}, {"costs.crm": change})
    assert made.document["costs"]["crm"] == becomes


def test_a_dose_goes_from_one_currency_to_another(tmp_path: Path) -> None:
    (tmp_path / "ads.yaml").write_text(
        "lever: ads\ncosts: {ads: 3 USD / mo}\nchange: {sources.web.cost: 4 USD, costs.crm: 2 USD / mo}\n",
        encoding="utf-8",
    )
    half = scenario({"sources.web.cost": 200, "costs": {"crm": "100 / mo"}}).with_levers(
        f"{tmp_path / 'ads.yaml'}@0.5"
    )
    assert half.spec.sources["web"].cost == 300
    assert {name: rate.amount for name, rate in half.spec.costs} == {"crm": 150, "ads": 300}


def test_the_own_currency_needs_no_rate_whatever_it_is_called() -> None:
    for currency, written in (
        ("JPY", "3万円"),
        ("円", "30_000 JPY"),
        ("¥", "¥30_000"),
        ("ポイント", "30k ポイント"),
    ):
        made = scenario(currency=currency, exchange={}, costs={"crm": f"{written} / mo"})
        assert dict(made.spec.costs)["crm"].amount == 30_000
        assert made.warnings == scenario().warnings


@pytest.mark.parametrize("template", ["mid_market", "reference"])
def test_a_file_that_extends_in_another_currency_converts(template: str, tmp_path: Path) -> None:
    parent = fs.load(ROOT / "scenarios" / f"{template}.yaml")
    texts = {"same": "exchange: {USD: 1}\n", "other": "exchange: {USD: 137}\n", "bare": "", "relabelled": ""}
    made = {}
    for name, text in texts.items():
        currency = "USD" if name == "relabelled" else "JPY"
        (tmp_path / f"{name}.yaml").write_text(
            f"extends: {template}\ncurrency: {currency}\n{text}", encoding="utf-8"
        )
        made[name] = fs.load(tmp_path / f"{name}.yaml")
    assert made["same"].fingerprint == made["relabelled"].fingerprint == parent.fingerprint
    figures = {name: money_of(one) for name, one in made.items()}
    assert figures["same"] == money_of(parent)
    assert figures["other"] == [pytest.approx(137 * amount, rel=1e-12) for amount in money_of(parent)]
    assert figures["bare"] == [pytest.approx(150 * amount, rel=1e-12) for amount in money_of(parent)]
    assert any(money_of(parent)), "there is money to convert"
    assert [text for text in made["bare"].warnings if "exchange" in text] == [
        f"{USD_TO_JPY}; write yours as exchange: {{USD: 150}}"
    ]
    assert made["other"].warnings == made["same"].warnings == parent.warnings


def money_of(one: Scenario) -> list[float]:
    """Every amount of money of a scenario, in its currency."""
    found: list[float] = []
    names = one.names

    def note(form: Any, value: Any) -> Any:
        read = form.read(value, names)
        found.append(read if isinstance(read, float) else read.amount)
        return value

    _Each(SPEC, names, note).fragment(SPEC, one.document)
    return found


def test_a_child_may_name_amounts_of_its_own(tmp_path: Path) -> None:
    parent = {**BASE, "currency": "USD", "exchange": {"EUR": 2}, "costs": {"crm": "10 / mo", "tax": "5 EUR / mo"}}
    parent["phases"] = [{"from": "6 mo", "change": {"costs.crm": {"add": "7 / mo"}, "sources.web.cost": "3 EUR"}}]
    (tmp_path / "parent.yaml").write_text(json.dumps(parent), encoding="utf-8")
    (tmp_path / "child.yaml").write_text(
        "extends: parent.yaml\ncurrency: JPY\nexchange: {USD: 100}\ncosts: {own: 900 / mo, crm: {add: 50 / mo}}\n",
        encoding="utf-8",
    )
    child = fs.load(tmp_path / "child.yaml")
    costs = {name: rate.amount for name, rate in child.spec.costs}
    assert costs == {"crm": 1_050, "tax": 1_000, "own": 900}
    later = child.periods[1].spec
    assert dict(later.costs)["crm"].amount == 1_750
    assert later.sources["web"].cost == 600
    assert child.spec.exchange == (("EUR", 200.0), ("USD", 100.0)) or dict(child.spec.exchange) == {
        "USD": 100,
        "EUR": 200,
    }


def test_a_change_of_the_currency_converts_too() -> None:
    """Whatever sets it, figures mean the same money; back and forth nothing is converted twice."""
    made = scenario({"costs": {"crm": "3_000 / mo"}, "sources.web.cost": "5 USD"})
    dollars = made.change({"currency": "USD"})
    assert dict(dollars.spec.costs)["crm"].amount == 30
    assert dollars.spec.sources["web"].cost == 5
    assert dollars.document["costs"] == {"crm": "3000 JPY / mo"}
    back = dollars.change({"currency": "JPY"})
    assert money_of(back) == money_of(made)
    assert made.change({"currency": "円"}).document["costs"] == {"crm": "3_000 / mo"}


def test_a_currency_that_nobody_knows_needs_a_rate() -> None:
    made = scenario({"costs": {"crm": "3_000 / mo"}})
    with pytest.raises(ScenarioError, match=r"no rate is known from JPY to points; write exchange: \{JPY"):
        made.change({"currency": "points"})
    points = made.change({"currency": "points", "exchange": {"JPY": 0.5}})
    assert dict(points.spec.costs)["crm"].amount == 1_500
    assert scenario().change({"currency": "points"}).spec.currency == "points"  # no money, so nothing to convert


def test_levers_of_a_parent_in_another_currency_are_told(tmp_path: Path) -> None:
    (tmp_path / "levers").mkdir()
    (tmp_path / "levers" / "crm.yaml").write_text("lever: crm\nchange: {costs.crm: 5 / mo}\n", encoding="utf-8")
    (tmp_path / "parent.yaml").write_text(json.dumps({**BASE, "levers": ["crm"]}), encoding="utf-8")
    (tmp_path / "child.yaml").write_text("extends: parent.yaml\ncurrency: USD\n", encoding="utf-8")
    assert any(
        "figures without a currency in crm are in USD here" in each
        for each in fs.load(tmp_path / "child.yaml").warnings
    )


# --- refusals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("100 USB / mo", "USB is the code of no currency, found '100 USB'; did you mean USD?"),
        ("100 QQQ / mo", "known are the codes of ISO 4217"),
        ("100 usd / mo", "write USD for usd"),
        ("100 yen / mo", "write JPY for yen"),
        ("JPY 100 円 / mo", "the currency stands twice"),
        ("100 USD", "write '100 USD / mo' for a month"),
        ("100 USD / month", "write '100 USD / mo'"),
        ("$27,000 / y", "write '27_000 USD / y'"),
        ("¥3,600,000 / y", "write '3_600_000 JPY / y'"),
        ("360万円 / 年", "write '3_600_000 JPY / y'"),
        ("-5 USD / mo", "at least 0"),
        ("100 BTN / mo", "no rate is known from BTN to JPY; write exchange: {BTN: ...}"),
        ("5 people / mo", "write '5 / mo'"),
        ("時給1000円", "expected an amount of money"),
    ],
)
def test_what_is_no_money_is_refused_with_what_to_write(written: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(costs={"crm": written})
    (problem,) = error.value.problems
    assert problem.path == "costs.crm"
    assert said in problem.message


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("¥3,600,000", "write ¥3_600_000"),
        ("27,000 USD", "write 27_000 USD, or 27 USD if the comma is a decimal point"),
        ("27,000", "write 27_000, or 27 if the comma is a decimal point"),
        ("5人", "write 5"),
        ("3 USB", "did you mean USD?"),
        ("100 USD / mo", "write the number alone"),
        ("-3 USD", "at least 0"),
    ],
)
def test_so_is_what_is_no_amount(written: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario({"sources.web.cost": written})
    assert said in error.value.problems[0].message


def test_a_sign_of_two_currencies_is_not_guessed() -> None:
    with pytest.raises(ScenarioError, match="¥ may be CNY or JPY here, found '¥300'; write the code in its place"):
        scenario({"sources.web.cost": "¥300"}, currency="CNY")
    with pytest.raises(ScenarioError, match=r"\$ may be CAD or USD here"):
        scenario({"sources.web.cost": "$3"}, currency="CAD")
    assert scenario({"sources.web.cost": "$3"}, currency="$", exchange={}).spec.sources["web"].cost == 3


@pytest.mark.parametrize(
    ("exchange", "said"),
    [
        ({"USB": 3}, "did you mean USD?"),
        ({"usd": 3}, "write USD for usd"),
        ({"JPY": 3}, "JPY is the scenario's own currency, so one of it is 1"),
        ({"USD": 0}, "above 0"),
        ({"USD": "150 JPY"}, "expected a number above 0"),
        ({"USD": 3, "$": 4}, "stands twice"),
        (150, "expected rates by currency such as {USD: 150}"),
    ],
)
def test_rates_are_checked(exchange: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario(exchange=exchange)
    assert said in error.value.problems[0].message


def test_a_phase_keeps_the_rates() -> None:
    with pytest.raises(ScenarioError, match="`exchange` holds for the whole run"):
        scenario(phases=[{"from": "1 mo", "change": {"exchange": {"USD": 90}}}])


# --- around -------------------------------------------------------------------------------------------------


def test_rates_alone_change_nothing() -> None:
    with_rates, without = scenario(), scenario(exchange={})
    assert with_rates.fingerprint == without.fingerprint
    assert with_rates.warnings == without.warnings


def test_figures_are_in_the_currency_of_the_scenario() -> None:
    made = scenario({"costs": {"crm": "1_000 USD / mo"}, "horizon": "1 mo"})
    result = fs.simulate(made, replications=2, seed=1)
    cost = result.kpis.set_index("kpi").loc["cost"] if "kpi" in result.kpis.columns else result.kpis.loc["cost"]
    assert cost["unit"] == "JPY"
    assert cost["mean"] == pytest.approx(101_852, rel=0.03)


def test_open_deals_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(
        "stage,value\nsell,300 USD\nsell,3万円\nsell,30_000\n".replace("30_000", "30000"), encoding="utf-8"
    )
    document = {**BASE, "opening": {"leads": "deals.csv"}}
    made = Scenario.from_dict(document, tmp_path)
    assert [deal.value for deal in made.spec.opening.deals] == [30_000] * 3
    (tmp_path / "deals.csv").write_text("stage,value\nsell,300 USB\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"deals\.csv line 2, value: USB is the code of no currency"):
        Scenario.from_dict(document, tmp_path)


def test_studies_take_them(tmp_path: Path) -> None:
    made = scenario({"sources.web.cost": "1 USD"})
    study = fs.Study.of(made, {"sources.web.cost": {"from": "1 USD", "to": "3 USD", "steps": 3}})
    assert study.factors[0].grid() == ("1 USD", "2 USD", "3 USD")
    assert [study.scenario(at={"sources.web.cost": each}).spec.sources["web"].cost for each in ("2 USD", 7)] == [
        200,
        7,
    ]


def test_amounts_of_a_search() -> None:
    from funnelsim.experiments.study.goals import goal_of

    def goal(base: Scenario, **more: Any) -> Any:
        arms = {"dear": {"sources.web.cost": 9}}
        return goal_of(fs.Study.of(base, arms=arms, maximise="contribution", **more))

    plainly = goal(
        scenario(), budget="10_000_000 / y", indifference=50_000, constraints={"bookings": {"at_least": 300}}
    )
    named = goal(
        scenario(), budget="1千万円 / y", indifference="500 USD", constraints={"bookings": {"at_least": "$3"}}
    )
    assert [limit.value for limit in named.limits] == [limit.value for limit in plainly.limits]
    assert named.indifference(1e9) == plainly.indifference(1e9) == 50_000
    assert goal(scenario(), budget="100 万円".replace(" ", "")).limits[0].value == 1_000_000
    with pytest.raises(ScenarioError, match="'3k', which is money"):
        goal(scenario(), constraints={"won": {"at_most": "3k"}})
    with pytest.raises(ScenarioError, match="no rate is known from BTN to JPY"):
        goal(scenario(), budget="5 BTN / y")
    study = fs.Study.of(
        scenario(exchange={}), arms={"dear": {"sources.web.cost": 9}}, maximise="contribution", budget="5k USD"
    )
    assert [text for text in study.warnings if "exchange" in text] == [
        f"{USD_TO_JPY}; write yours as exchange: {{USD: 150}}"
    ]


def test_the_tables_of_currencies_fit_each_other() -> None:
    assert set(ROUND) <= CURRENCIES
    assert {code for code, _ in SIGNS.values()} <= set(ROUND)
    assert all(others < CURRENCIES and code not in others for code, others in SIGNS.values())
    assert assumed("USD", "JPY") == 150
    assert assumed("JPY", "JPY") == 1
    assert assumed("USD", "BTN") is None


def test_the_schema_takes_what_is_read() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "schema" / "scenario.schema.json").read_text(encoding="utf-8"))
    valid = jsonschema.Draft202012Validator(schema).is_valid
    for path, (given, kind) in FIELDS.items():
        path = "segments.small.value" if kind == "scipy" else path
        made = scenario(given)
        for written in ("500 USD", "¥50_000", "5万円", "3.5M EUR"):
            assert valid(plain(made.change({path: {"set": put(kind, written)}}).document)), (path, written)
    assert not valid({**BASE, "costs": {"crm": "100 USD"}})
    assert not valid({**BASE, "sources": {"web": {"rate": "20 / mo", "cost": "1,000 USD"}}})


def test_a_file_reads_them_as_they_stand() -> None:
    text = "costs: {crm: 100 USD / mo, bpo: 月額3万円}\nsources: {web: {cost: ¥3_000}}\n"
    assert plain(read_text(text)) == {
        "costs": {"crm": "100 USD / mo", "bpo": "月額3万円"},
        "sources": {"web": {"cost": "¥3_000"}},
    }
    assert MoneyForm().read("3万円", Names()) == 30_000
    assert exchange_of(Names()).rate("USD") == 1
