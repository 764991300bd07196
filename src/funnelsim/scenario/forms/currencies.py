"""Currencies: their codes and signs, and what one of each is worth in round numbers."""

from __future__ import annotations

from dataclasses import dataclass

# fmt: off
CURRENCIES = frozenset((
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNH", "CNY",
    "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT",
    "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
    "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK",
    "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD",
    "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY",
    "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG",
    "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG"
))
# fmt: on
"""Codes of currencies in use (ISO 4217)."""

_DOLLARS = frozenset(("AUD", "BBD", "BMD", "BND", "BSD", "BZD", "CAD", "FJD", "GYD", "HKD", "JMD", "KYD", "LRD",
                      "NAD", "NZD", "SBD", "SGD", "SRD", "TTD", "TWD", "XCD"))  # fmt: skip
_PESOS = frozenset(("ARS", "CLP", "COP", "CUP", "DOP", "MXN", "UYU"))
SIGNS: dict[str, tuple[str, frozenset[str]]] = {
    **dict.fromkeys(("¥", "￥"), ("JPY", frozenset(("CNY", "CNH")))),
    "円": ("JPY", frozenset()),
    "$": ("USD", _DOLLARS | _PESOS),
    "US$": ("USD", frozenset()),
    "ドル": ("USD", _DOLLARS),
    "€": ("EUR", frozenset()),
    "ユーロ": ("EUR", frozenset()),
    "£": ("GBP", frozenset(("EGP", "FKP", "GIP", "LBP", "SHP", "SSP", "SYP"))),
    "ポンド": ("GBP", frozenset()),
    "₩": ("KRW", frozenset(("KPW",))),
    "ウォン": ("KRW", frozenset()),
    "₹": ("INR", frozenset()),
    "元": ("CNY", frozenset(("TWD", "HKD", "MOP"))),
}
"""Signs and words for currencies: the code that each stands for, and those in whose countries it is another."""

ROUND = {
    "USD": 1.0, "EUR": 1.1, "GBP": 1.25, "CHF": 1.1, "CAD": 0.75, "AUD": 0.65, "NZD": 0.6, "SGD": 0.75,
    "HKD": 0.13, "TWD": 1 / 32, "CNY": 0.14, "JPY": 1 / 150, "KRW": 1 / 1400, "INR": 1 / 85, "BRL": 0.18,
    "MXN": 0.055, "SEK": 0.1, "NOK": 0.1, "DKK": 0.15, "PLN": 0.25, "CZK": 1 / 23, "THB": 1 / 34,
    "IDR": 1 / 16_000, "VND": 1 / 25_000, "PHP": 1 / 57, "MYR": 0.22, "ILS": 0.27, "TRY": 1 / 40, "ZAR": 0.055,
    "AED": 0.27,
}  # fmt: skip
"""Dollars for one of each currency, in round numbers of 2025 (evidence M: an assumption, no quotation)."""
MOST_DIGITS = 2
"""Digits of a rate that is assumed."""


def code_of(currency: str) -> str:
    """The code of a currency that is called by its sign or in a word; any other as it is."""
    return SIGNS[currency][0] if currency in SIGNS else currency


def assumed(one: str, other: str) -> float | None:
    """Units of ``other`` for one of ``one`` in a round number; None where none is known."""
    if one not in ROUND or other not in ROUND:
        return None
    return float(f"{ROUND[one] / ROUND[other]:.{MOST_DIGITS}g}")


@dataclass(frozen=True)
class Exchange:
    """The currency of a scenario, and how others are converted.

    Parameters
    ----------
    currency : str
        As the scenario calls it; empty where no scenario is known.
    rates : tuple of (str, float)
        Units of it for one of another, as the scenario gives them.
    """

    currency: str = ""
    rates: tuple[tuple[str, float], ...] = ()

    @property
    def code(self) -> str:
        """The code of the scenario's currency, where it is called by a sign."""
        return code_of(self.currency)

    def own(self, code: str) -> bool:
        """Whether a currency is that of the scenario; an empty one is, as an amount without currency."""
        return not code or not self.currency or code == self.code

    def given(self, code: str) -> float | None:
        """The rate that the scenario gives."""
        return next((rate for name, rate in self.rates if code_of(name) == code), None)

    def rate(self, code: str) -> float | None:
        """Units of the scenario's currency for one of another: as given, or assumed; None if it is not known."""
        if self.own(code):
            return 1.0
        given = self.given(code)
        return given if given is not None else assumed(code, self.code)
