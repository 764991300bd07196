"""What files say for readers, as one text or one for each language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from ..forms.base import Fault, Faults, Form, FormError, Names, found
from ..forms.plain import TextForm
from ..forms.suggestions import ending

LANGUAGES = ("en", "ja")
"""Languages of texts; the first is that of a text without a language."""


def shown(texts: Mapping[str, str]) -> str:
    """A text where no language is asked for: in the first that it has; empty if there is none."""
    return next(iter(texts.values()), "")


class TextsForm(Form[dict[str, str]]):
    """A text, or one for each language: ``{en: A tool, ja: 道具}``. One laid over another replaces it whole."""

    def read(self, raw: Any, names: Names) -> dict[str, str]:
        if not isinstance(raw, Mapping):
            return {LANGUAGES[0]: TextForm().read(raw, names)}
        if not raw:
            raise FormError(
                f"expected a text, or one for each of {', '.join(LANGUAGES)}, found {found(raw)}",
                code="E-value-text",
            )
        faults, texts = Faults(), {}
        for key, text in raw.items():
            if key not in LANGUAGES:
                faults.found.append(_strange(key))
                continue
            with faults.under(key):
                texts[str(key)] = TextForm().read(text, names)
        faults.check()
        return texts

    def child(self, key: str) -> Form[Any] | None:
        return TextForm() if key in LANGUAGES else None

    def schema(self, defs: dict[str, Any]) -> dict[str, Any]:
        text = TextForm().schema(defs)
        by_language = dict.fromkeys(LANGUAGES, text)
        return {
            "anyOf": [
                text,
                {
                    "type": "object",
                    "additionalProperties": False,
                    "minProperties": 1,
                    "properties": by_language,
                },
            ]
        }


def _strange(key: Any) -> Fault:
    """A language that there is none of."""
    said = f"expected a text, or one for each of {', '.join(LANGUAGES)}; there is no language {found(key)}"
    return Fault(said + ending(str(key), LANGUAGES), (str(key),), key=True, code="E-language-unknown")


Texts = Annotated[dict[str, str], TextsForm()]
