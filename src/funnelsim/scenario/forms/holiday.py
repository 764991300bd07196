"""The form of holidays: an ISO country code such as ``JP``, or one with a subdivision such as ``US-CA``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Form, FormError, Names, found, unknown
from .suggestions import nearest

_WORDS = {
    "JP": "日本, 日本国, 日本の祝日, 祝日, 国民の祝日, japan, jpn, jp",
    "US": "米国, アメリカ, usa, united states, america, us",
    "GB": "英国, イギリス, uk, united kingdom, england, britain",
    "DE": "ドイツ, germany, deutschland, ger, deu",
    "FR": "フランス, france, fra",
    "CN": "中国, china, chn",
    "KR": "韓国, korea, south korea, kor",
    "TW": "台湾, taiwan, twn",
    "IN": "インド, india, ind",
    "SG": "シンガポール, singapore, sgp",
}
"""Countries in other words than their codes."""


def _countries() -> list[str]:
    """The codes that are known; the countries behind them, which take a tenth of a second, are not looked at."""
    from holidays.registry import EntityLoader  # here and below, since most scenarios have no holidays

    return list(EntityLoader.get_country_codes(include_aliases=False))


def _parts(country: str) -> list[str]:
    """The codes of the parts of a country that have holidays of their own."""
    from holidays import list_supported_countries

    return list_supported_countries(include_aliases=False)[country]


def _has_dates(raw: Any) -> bool:
    """Whether days are named where a country is expected."""
    parts = raw if isinstance(raw, list | tuple) else [raw]
    return any(str(part)[:1].isdecimal() for part in parts)


@dataclass(frozen=True)
class CountryForm(Form[str]):
    """A country whose public holidays are known, optionally with a subdivision."""

    def read(self, raw: Any, names: Names) -> str:
        if _has_dates(raw):
            raise FormError(
                f"expected a country code such as JP, found {found(raw)}; days off of your own stand beside it: "
                "holidays: JP, closed: [2026-05-01]",
                code="E-country-unknown",
            )
        if not isinstance(raw, str):
            raise FormError(
                f"expected a country code such as JP or US-CA, found {found(raw)}", code="E-country-unknown"
            )
        countries, (country, _, part) = _countries(), raw.partition("-")
        if country not in countries:
            word = raw.strip().casefold()
            known = next((code for code, words in _WORDS.items() if word in words.split(", ")), None)
            better = known or nearest(country, countries)
            meant = f"write {better}" if better else "write an ISO code such as JP or US-CA"
            raise FormError(f"unknown country code {found(country)}; {meant}", code="E-country-unknown")
        if part and part not in _parts(country):
            raise FormError(unknown(f"subdivision of {country}", part, _parts(country)), code="E-country-unknown")
        return raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[A-Z]{2}(-[A-Za-z0-9]+)?$"}
