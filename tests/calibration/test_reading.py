"""Plain tables of a made-up firm are read as they were written, whatever the country."""

from __future__ import annotations

import collections
from pathlib import Path

import numpy as np
import pytest

from calibration import made_up
from calibration.made_up import FRENCH, GERMAN, JAPANESE, LINE, PLAIN, TABBED, Deal, Locale
from funnelsim.calibration.history import ADVANCED, CLOSED, LOST, OPEN, WON, History
from funnelsim.calibration.reading import CalibrationError, read_history

HEADERS = {
    "en": ("Opportunity ID", "Stage", "Entered at", "Owner"),
    "de": ("Vorgangsnummer", "Verkaufsphase", "Geändert am", "Zuständig"),
    "fr": ("ID opportunité", "Étape", "Date d'entrée", "Commercial"),
    "ja": ("案件番号", "フェーズ", "変更日時", "担当者"),
}


def same_as_truth(history: History, deals: list[Deal], day: bool = False) -> None:
    """Deals and stays are those of the firm, to the second or the day."""
    ordered = sorted(deals, key=lambda deal: deal.created)
    assert len(history.deals) == len(deals)
    truth = [OPEN if deal.closed is None else WON if deal.won else LOST for deal in ordered]
    assert collections.Counter(history.deals.outcome.tolist()) == collections.Counter(truth)
    assert history.stages == LINE
    assert len(history.visits) == sum(len(deal.moves) for deal in deals)
    origin = np.datetime64(history.origin)
    exact = 1.0 if day else 2e-5
    created = np.array([np.datetime64(deal.created) for deal in ordered]) - origin
    assert np.abs(np.sort(history.deals.created) - np.sort(created / np.timedelta64(1, "D"))).max() < exact
    entered = np.sort(
        [(np.datetime64(at) - origin) / np.timedelta64(1, "D") for deal in deals for _, at in deal.moves]
    )
    assert np.abs(np.sort(history.visits.entered) - entered).max() < exact
    ends = sum(deal.closed is not None for deal in deals)
    closing = (history.visits.destination == CLOSED) & (history.visits.outcome != OPEN)
    assert closing.sum() == ends
    back = sum(
        LINE.index(b) < LINE.index(a) for d in deals for (a, _), (b, _) in zip(d.moves, d.moves[1:], strict=False)
    )
    gone_back = (history.visits.outcome == LOST) & (history.visits.destination >= 0)
    assert gone_back.sum() == back
    assert (history.visits.outcome == ADVANCED).sum() == len(entered) - back - sum(not d.won for d in deals)


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en", PLAIN), ("de", GERMAN), ("fr", FRENCH), ("ja", JAPANESE), ("en", TABBED), ("ja", PLAIN)],
)
def test_a_history_is_read_as_it_was_written(tmp_path: Path, language: str, locale: Locale) -> None:
    deals = made_up.firm()
    path = made_up.write(tmp_path / "h.csv", made_up.history_rows(deals, locale, HEADERS[language]), locale)
    history = read_history(path)
    same_as_truth(history, deals)
    assert history.level == 1
    assert len(history.owners) == 3
    assert not history.date_only


def test_the_same_files_give_the_same_bytes_and_no_names(tmp_path: Path) -> None:
    deals = made_up.firm(owners=("Zofia Nowak", "Anna Braun", "佐藤 花子"))
    path = made_up.write(tmp_path / "h.csv", made_up.history_rows(deals, PLAIN, HEADERS["en"]))
    one, other = read_history(path), read_history(path)
    assert one.owners == other.owners == ("rep-01", "rep-02", "rep-03")
    assert repr(one) == repr(other)
    assert one.visits.owner.tolist() == other.visits.owner.tolist()
    assert "Nowak" not in repr(one)
    assert "佐藤" not in repr(one)


def test_the_last_day_cuts_the_future_off(tmp_path: Path) -> None:
    deals = made_up.firm()
    path = made_up.write(tmp_path / "h.csv", made_up.history_rows(deals, PLAIN, HEADERS["en"]))
    history = read_history(path, as_of="2025-12-31", since="2025-03-01")
    assert history.date(history.as_of).isoformat() == "2026-01-01"
    assert history.date(history.start).isoformat() == "2025-03-01"
    there = [deal for deal in deals if deal.created.year == 2025]
    assert len(history.deals) == len(there)
    assert not (history.visits.left > history.as_of).any()
    assert (history.deals.outcome == OPEN).sum() == sum(d.closed is None or d.closed.year > 2025 for d in there)


def test_a_column_that_is_not_sure_is_asked_for(tmp_path: Path) -> None:
    rows = made_up.history_rows(made_up.firm(20), PLAIN, ("Key", "Bucket", "When", "Who"))
    path = made_up.write(tmp_path / "h.csv", rows)
    with pytest.raises(CalibrationError, match=r"`columns: \{id: NAME\}`"):
        read_history(path)
    mapping = {"columns": {"id": "Key", "stage": "Bucket", "entered_at": "When"}, "files": {"history": "h.csv"}}
    assert read_history(path, mapping).stages == LINE


def test_stages_are_merged_and_ordered_by_the_mapping(tmp_path: Path) -> None:
    deals = made_up.firm()
    path = made_up.write(tmp_path / "h.csv", made_up.history_rows(deals, PLAIN, HEADERS["en"]))
    mapping = {"stages": {"early": list(LINE[:2]), "Proposal": None, "late": {"names": LINE[3], "team": "ae"}}}
    history = read_history(path, mapping)
    assert history.stages == ("early", "Proposal", "late")
    assert history.teams == ("ae",)
    assert history.stage_team == (-1, -1, 0)
    early = history.visits.where(history.visits.stage == 0)
    assert len(early) < sum(stage in LINE[:2] for deal in deals for stage, _ in deal.moves)
