"""Exports of programs, made up in the columns that their documentation names, give back the firm.

- Salesforce: Object Reference for the Salesforce Platform, objects Opportunity, OpportunityHistory and
  OpportunityFieldHistory.
- HubSpot: knowledge base, "Use stage calculated properties" and "HubSpot's default deal properties".
- Pipedrive: names of deal fields as its export of a list of deals prefixes them (``Deal - ...``).
- Zoho CRM: fields of the module Deals and of its related list Stage History, by API names
  (``Modified_Time``, ``Moved_To__s``, ``Stage_Duration_Calendar_Days``) and labels.
- Odoo: fields of the model crm.lead and of mail.tracking.value in the sources of Odoo.
- Dynamics 365 Sales: table reference of opportunity and opportunitysalesprocess; columns of the audit view.
- Event logs: the CSV form of XES (IEEE 1849-2016), with its concept, time, org and lifecycle extensions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import funnelsim as fs
from calibration import made_up
from calibration.made_up import FRENCH, GERMAN, JAPANESE, LINE, PLAIN, Deal, Locale, write
from calibration.test_reading import same_as_truth
from funnelsim.calibration.history import OPEN, WON, History
from funnelsim.calibration.reading import CalibrationError, read_history
from funnelsim.calibration.reading.readers import LAYOUTS
from funnelsim.calibration.reading.tables import read_raw

DEALS = made_up.firm()
STRAIGHT = made_up.firm(returns=False)
LOCALES = [pytest.param(each, id=each.encoding) for each in (PLAIN, GERMAN, JAPANESE, FRENCH)]
ENDED = [deal for deal in DEALS if deal.closed is not None]
ROOT = Path(__file__).parents[2]
PLANNED = dt.datetime(2026, 6, 30)


def codes(history: History) -> set[str]:
    return {each.code for each in history.findings}


def layout(path: Path) -> str:
    raw = read_raw(path)
    return next((each.name for each in LAYOUTS if each.matches(raw)), "")


def single(history: History, deals: Sequence[Deal]) -> None:
    """One stage, with beginnings, ends and outcomes of the firm."""
    assert (history.level, history.stages) == (0, ("deal",))
    assert len(history.deals) == len(history.visits) == len(deals)
    assert (history.deals.outcome == WON).sum() == sum(deal.won for deal in deals)
    assert (history.deals.outcome == OPEN).sum() == sum(deal.closed is None for deal in deals)
    took = np.sort(
        [(deal.closed - deal.created) / dt.timedelta(days=1) for deal in deals if deal.closed is not None]
    )
    ended = history.visits.outcome != OPEN
    assert np.abs(np.sort((history.visits.left - history.visits.entered)[ended]) - took).max() <= 1


@pytest.mark.parametrize("locale", LOCALES)
def test_salesforce_history_and_opportunities(tmp_path: Path, locale: Locale) -> None:
    rows = [["OpportunityId", "StageName", "Amount", "CloseDate", "CreatedDate", "SystemModstamp", "Probability"]]
    for deal in DEALS:
        for number, (stage, at) in enumerate(deal.all_moves):
            plan, stamp = locale.day(PLANNED), locale.stamp(at)
            rows.append(
                [f"D{deal.number}", stage, locale.number(deal.amount), plan, stamp, stamp, str(number * 10)]
            )
            if deal.closed is None or at < deal.closed:  # an edit of the amount, which writes a row too
                later = locale.stamp(at + dt.timedelta(minutes=7))
                rows.append(
                    [f"D{deal.number}", stage, locale.number(deal.amount + 1), plan, later, later, str(number)]
                )
    header = [
        "Id",
        "Name",
        "StageName",
        "CreatedDate",
        "CloseDate",
        "IsClosed",
        "IsWon",
        "OwnerId",
        "LeadSource",
        "Amount",
    ]
    deals = [header]
    for deal in DEALS:
        ended, won = deal.closed is not None, deal.won
        deals.append(
            [
                f"D{deal.number}",
                f"{deal.account} renewal",
                deal.stage,
                locale.stamp(deal.created),
                locale.day(deal.closed or PLANNED),
                str(ended).lower(),
                str(won).lower(),
                deal.owner,
                deal.source,
                locale.number(deal.amount),
            ]
        )
    one, other = write(tmp_path / "h.csv", rows, locale), write(tmp_path / "o.csv", deals, locale)
    assert (layout(one), layout(other)) == ("salesforce_history", "salesforce_opportunity")
    history = read_history([one, other])
    same_as_truth(history, DEALS)
    assert {"unchanged", "owner_now"} <= codes(history)
    assert set(history.sources) == {"Web", "Referral", "Event"}
    amounts = np.sort([deal.amount for deal in DEALS])
    assert np.abs(np.sort(history.deals.amount) - amounts).max() < 1.01
    alone = read_history(other)
    single(alone, DEALS)


@pytest.mark.parametrize("locale", LOCALES)
def test_salesforce_field_history(tmp_path: Path, locale: Locale) -> None:
    rows = [["OpportunityId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"]]
    for deal in DEALS:
        for (old, _), (new, at) in zip(deal.all_moves, deal.all_moves[1:], strict=False):
            rows.append([f"D{deal.number}", "StageName", old, new, locale.stamp(at), "u"])
        rows.append([f"D{deal.number}", "Amount", "1", "2", locale.stamp(deal.created), "u"])
        rows.append([f"D{deal.number}", "Owner", "", deal.owner, locale.stamp(deal.created), "u"])
    deals = [["Id", "StageName", "CreatedDate", "CloseDate", "IsClosed", "IsWon"]]
    deals += [
        [
            f"D{d.number}",
            d.stage,
            locale.stamp(d.created),
            locale.day(d.closed or PLANNED),
            str(d.closed is not None),
            str(d.won),
        ]
        for d in DEALS
    ]
    files = [write(tmp_path / "f.csv", rows, locale), write(tmp_path / "o.csv", deals, locale)]
    assert layout(files[0]) == "salesforce_fields"
    history = read_history(files)
    same_as_truth(history, DEALS)
    assert "other_fields" in codes(history)
    assert (history.visits.owner >= 0).all()
    assert len(history.owners) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_hubspot(tmp_path: Path, locale: Locale) -> None:
    stages = [*LINE, made_up.WON, made_up.LOST]
    header = [
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Create Date",
        "Close Date",
        "Deal owner",
        "Amount",
        "Deal probability",
    ]
    header += [f"Date {what} '{stage} (Sales Pipeline)'" for stage in stages for what in ("entered", "exited")]
    rows = [header]
    for deal in STRAIGHT:
        when = dict(deal.all_moves)
        ends = dict(zip([s for s, _ in deal.all_moves], [at for _, at in deal.all_moves[1:]], strict=False))
        probability = "1" if deal.won else "0" if deal.closed else locale.number(0.5)
        row = [
            str(deal.number),
            deal.account,
            deal.stage,
            locale.stamp(deal.created),
            locale.stamp(deal.closed or PLANNED),
            deal.owner,
            locale.number(deal.amount),
            probability,
        ]
        for stage in stages:
            row += [locale.stamp(when.get(stage)), locale.stamp(ends.get(stage))]
        rows.append(row)
    path = write(tmp_path / "h.csv", rows, locale)
    assert layout(path) == "hubspot"
    same_as_truth(read_history(path), STRAIGHT)


def test_hubspot_tells_of_stays_that_were_overwritten(tmp_path: Path) -> None:
    def row(number: int, whole: float) -> list[str]:
        return [
            str(number),
            "Closed Won",
            "2026-01-05 10:00",
            "2026-02-05 10:00",
            "2026-01-20 10:00",
            "2026-01-25 10:00",
            str(int(whole * 86_400_000)),
            "2026-01-25 10:00",
        ]

    header = [
        "hs_object_id",
        "dealstage",
        "createdate",
        "closedate",
        "hs_v2_date_entered_demo",
        "hs_v2_date_exited_demo",
        "hs_v2_cumulative_time_in_demo",
        "hs_v2_date_entered_closedwon",
    ]
    path = write(tmp_path / "h.csv", [header, row(1, 5), row(2, 9)])
    lost = [each for each in read_history(path).findings if each.code == "lost_stays"]
    assert [each.rows for each in lost] == [1]


@pytest.mark.parametrize("locale", LOCALES)
def test_pipedrive(tmp_path: Path, locale: Locale) -> None:
    header = [
        "Deal - ID",
        "Deal - Title",
        "Deal - Stage",
        "Deal - Status",
        "Deal - Deal created",
        "Deal - Won time",
        "Deal - Lost time",
        "Deal - Expected close date",
        "Deal - Owner",
        "Deal - Value",
        "Deal - Currency",
    ]
    rows = [header]
    for deal in DEALS:
        status = "Open" if deal.closed is None else "Won" if deal.won else "Lost"
        won, lost = (locale.stamp(deal.closed if deal.won == which else None) for which in (True, False))
        rows.append(
            [
                str(deal.number),
                deal.account,
                deal.moves[-1][0],
                status,
                locale.stamp(deal.created),
                won,
                lost,
                locale.day(PLANNED),
                deal.owner,
                locale.number(deal.amount),
                "EUR",
            ]
        )
    path = write(tmp_path / "p.csv", rows, locale)
    assert layout(path) == "pipedrive"
    history = read_history(path)
    single(history, DEALS)
    assert history.currency == "EUR"
    assert "stages_now" in codes(history)


@pytest.mark.parametrize("leaving", [False, True])
@pytest.mark.parametrize("locale", LOCALES)
def test_zoho(tmp_path: Path, locale: Locale, leaving: bool) -> None:
    rows = [["Deal Id", "Stage", "Amount", "Modified Time", "Moved To", "Stage Duration (Calendar Days)"]]
    for deal in DEALS:
        moves = deal.all_moves
        for at, (stage, begin) in enumerate(moves):
            onward, end = moves[at + 1] if at + 1 < len(moves) else ("", made_up.END)
            days = str((end - begin).days)
            rows.append(
                [
                    f"Z{deal.number}",
                    stage,
                    locale.number(deal.amount),
                    locale.stamp(end if leaving else begin),
                    onward,
                    days,
                ]
            )
    deals = [
        ["Record Id", "Deal Name", "Stage", "Closing Date", "Created Time", "Deal Owner", "Lead Source", "Amount"]
    ]
    deals += [
        [
            f"Z{d.number}",
            d.account,
            d.stage,
            locale.day(d.closed or PLANNED),
            locale.stamp(d.created),
            d.owner,
            d.source,
            locale.number(d.amount),
        ]
        for d in DEALS
    ]
    files = [write(tmp_path / "s.csv", rows, locale), write(tmp_path / "d.csv", deals, locale)]
    assert [layout(each) for each in files] == ["zoho_history", "zoho_deals"]
    same_as_truth(read_history(files), DEALS)
    single(read_history(files[1]), DEALS)


@pytest.mark.parametrize("locale", LOCALES)
def test_odoo(tmp_path: Path, locale: Locale) -> None:
    header = [
        "ID",
        "Opportunity",
        "Stage",
        "Created on",
        "Closed Date",
        "Active",
        "Probability",
        "Salesperson",
        "Sales Team",
        "Expected Revenue",
    ]
    rows = [header]
    for deal in DEALS:
        lost = deal.closed is not None and not deal.won
        rows.append(
            [
                str(deal.number),
                deal.account,
                deal.moves[-1][0],
                locale.stamp(deal.created),
                locale.stamp(deal.closed),
                str(not lost),
                "100" if deal.won else "0" if lost else "40",
                deal.owner,
                "Field",
                locale.number(deal.amount),
            ]
        )
    path = write(tmp_path / "o.csv", rows, locale)
    assert layout(path) == "odoo_leads"
    history = read_history(path)
    single(history, DEALS)
    assert history.teams == ("Field",)
    assert history.owners == ("Field-01", "Field-02", "Field-03")


@pytest.mark.parametrize("locale", LOCALES)
def test_dynamics(tmp_path: Path, locale: Locale) -> None:
    rows = [
        [
            "opportunityid",
            "name",
            "statecode",
            "stepname",
            "createdon",
            "actualclosedate",
            "estimatedclosedate",
            "ownerid",
            "actualvalue",
        ]
    ]
    audit = [["Record", "Changed Field", "Old Value", "New Value", "Changed Date", "Changed By"]]
    for deal in DEALS:
        state = "0" if deal.closed is None else "1" if deal.won else "2"
        rows.append(
            [
                f"G{deal.number}",
                deal.account,
                state,
                deal.moves[-1][0],
                locale.stamp(deal.created),
                locale.stamp(deal.closed),
                locale.day(PLANNED),
                deal.owner,
                locale.number(deal.amount),
            ]
        )
        for (old, _), (new, at) in zip(deal.moves, deal.moves[1:], strict=False):
            audit.append([f"G{deal.number}", "Sales Stage", old, new, locale.stamp(at), deal.owner])
    files = [write(tmp_path / "o.csv", rows, locale), write(tmp_path / "a.csv", audit, locale)]
    assert [layout(each) for each in files] == ["dynamics_opportunity", "dynamics_audit"]
    single(read_history(files[0]), DEALS)
    both = read_history(files)
    known = {deal.number for deal in DEALS if len(deal.moves) > 1 or deal.closed is None}
    assert len(both.deals) == len(known)
    assert both.stages == LINE
    assert "no_history" in codes(both)


@pytest.mark.parametrize("locale", LOCALES)
def test_event_logs_with_starts_have_touches(tmp_path: Path, locale: Locale) -> None:
    rows = [["case:concept:name", "concept:name", "time:timestamp", "lifecycle:transition", "org:resource"]]
    hour = dt.timedelta(hours=1)
    for deal in DEALS:
        for (stage, _), (_, left) in zip(deal.moves, [*deal.all_moves[1:], ("", made_up.END)], strict=False):
            for moment, phase in ((left - hour, "start"), (left, "complete")):
                if left < made_up.END:
                    rows.append([f"c{deal.number}", stage, locale.stamp(moment), phase, deal.owner])
        if deal.closed is not None:
            rows.append([f"c{deal.number}", deal.stage, locale.stamp(deal.closed), "complete", deal.owner])
    path = write(tmp_path / "l.csv", rows, locale)
    assert layout(path) == "eventlog"
    history = read_history(path)
    assert history.level == 2
    assert history.stages == LINE
    touched = ~np.isnan(history.visits.first_touch) & (history.visits.outcome != OPEN)
    wait = (history.visits.left - history.visits.first_touch)[touched]
    assert np.abs(wait - 1 / 24).max() < 1e-4


def test_several_snapshots_give_stages_with_the_width_of_their_gaps(tmp_path: Path) -> None:
    files = []
    for week in range(40):
        day = dt.datetime(2025, 6, 2) + dt.timedelta(weeks=week)
        rows = [["Opportunity ID", "Stage", "Created", "Owner"]]
        for deal in DEALS:
            there = [stage for stage, at in deal.all_moves if at < day]
            if there:
                rows.append([f"S{deal.number}", there[-1], deal.created.strftime("%Y-%m-%d %H:%M"), deal.owner])
        files.append(write(tmp_path / f"pipeline_{day:%Y-%m-%d}.csv", rows))
    history = read_history(files)
    assert history.level == 1
    assert history.stages == LINE
    width = next(each for each in history.findings if each.code == "between_snapshots")
    assert "7.0 days" in width.words
    renamed = [each.rename(tmp_path / f"{number}.csv") for number, each in enumerate(files[:3])]
    with pytest.raises(CalibrationError, match="snapshot_date"):
        read_history(renamed)


def test_own_tables_come_back(tmp_path: Path) -> None:
    changes = {"start": "2026-01-01", "horizon": "2 mo", "warmup": "0 d", "sources.web.rate": "4 / d"}
    scenario = fs.load(ROOT / "scenarios" / "one_desk.yaml").change(changes)
    result = fs.simulate(scenario, replications=1, seed=1)
    visits, leads = (result.records(each, dates=True) for each in ("visits", "leads"))
    visits.to_csv(tmp_path / "visits.csv", index=False)
    leads.to_csv(tmp_path / "leads.csv", index=False)
    history = read_history([tmp_path / "visits.csv", tmp_path / "leads.csv"])
    assert len(history.visits) == len(visits)
    assert (history.deals.outcome == WON).sum() == (leads["outcome"] == "won").sum()


def test_snapshots_of_the_plainest_kind(tmp_path: Path) -> None:
    """The layout of a public teaching data set: one row a deal, with engage and close date."""
    rows = [
        [
            "opportunity_id",
            "sales_agent",
            "product",
            "account",
            "deal_stage",
            "engage_date",
            "close_date",
            "close_value",
        ]
    ]
    for deal in DEALS:
        stage = "Engaging" if deal.closed is None else "Won" if deal.won else "Lost"
        rows.append(
            [
                f"M{deal.number:03d}",
                deal.owner,
                deal.source,
                deal.account,
                stage,
                PLAIN.day(deal.created),
                PLAIN.day(deal.closed),
                str(int(deal.amount)) if deal.won else "",
            ]
        )
    path = write(tmp_path / "m.csv", rows)
    history = read_history(path)
    single(history, DEALS)
    assert {"created", "closed"} <= history.date_only
