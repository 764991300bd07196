"""Each kind of sentence, in each language, as somebody read and approved it in ``sentences.yaml``.

A sentence is put together from findings, numbers and texts; here it is read as a whole. Who changes a text reads
what becomes of it, in both languages, and writes it there by hand, as no command does so;
``python tests/views/test_sentences.py`` shows all of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sentence_cases import CASES

from funnelsim.views.words import LANGUAGES, speaking

EXPECTED: dict[str, dict[str, Any]] = YAML(typ="safe").load(
    Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8")
)


def told(name: str, lang: str) -> list[str]:
    """The sentences of a case."""
    with speaking(lang):
        said = CASES[name]()
        return [said] if isinstance(said, str) else list(said)


def test_each_case_has_its_sentences_in_each_language() -> None:
    assert list(EXPECTED) == list(CASES)
    assert all(set(said) == set(LANGUAGES) for said in EXPECTED.values())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_a_sentence_reads_as_it_was_approved(name: str, lang: str) -> None:
    assert told(name, lang) == EXPECTED[name][lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_end_and_have_no_gaps(lang: str) -> None:
    for name in CASES:
        for text in told(name, lang):
            assert text[-1] in (".", "。"), (name, text)
            assert not {"  ", "{", "None", "nan"} & {
                part for part in ("  ", "{", "None", "nan") if part in text
            }, text


if __name__ == "__main__":
    for each in CASES:
        print(each)
        for language in LANGUAGES:
            for line in told(each, language):
                print(f"  {line}")
