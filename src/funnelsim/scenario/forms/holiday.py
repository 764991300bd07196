"""The form of holidays: an ISO country code such as ``JP``, or one with a subdivision such as ``US-CA``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .base import Form, FormError, Names, found, unknown


@dataclass(frozen=True)
class CountryForm(Form[str]):
    """A country whose public holidays are known, optionally with a subdivision."""

    def read(self, raw: Any, names: Names) -> str:
        # Imported here, since most scenarios have no holidays and the library takes a tenth of a second.
        from holidays import list_supported_countries

        if not isinstance(raw, str):
            raise FormError(f"expected a country code such as JP or US-CA, found {found(raw)}")
        countries = list_supported_countries(include_aliases=False)
        country, _, part = raw.partition("-")
        if country not in countries:
            raise FormError(
                unknown("country code", country, countries) + "; write an ISO code such as JP or US-CA"
            )
        if part and part not in countries[country]:
            raise FormError(unknown(f"subdivision of {country}", part, countries[country]))
        return raw

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[A-Z]{2}(-[A-Za-z0-9]+)?$"}
