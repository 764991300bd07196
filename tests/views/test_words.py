"""The texts of all languages: complete, with the same gaps, read as YAML reads them."""

from __future__ import annotations

import ast
import re
from importlib import resources
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest
from ruamel.yaml import YAML

import funnelsim
from funnelsim.errors import FunnelsimError
from funnelsim.views.words import LANGUAGES, language, numbers, say, speaking, texts

ENGLISH = texts.texts("en")
OTHERS = [lang for lang in LANGUAGES if lang != "en"]


def gaps(text: str) -> set[str]:
    """Names of the gaps of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reader_of_yaml_finds_the_same(lang: str) -> None:
    written = resources.files("funnelsim.views.words").joinpath(f"{lang}.yaml").read_text(encoding="utf-8")
    assert YAML(typ="safe", pure=True).load(written) == texts.texts(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_gaps_are_names_without_formats(lang: str) -> None:
    for text in texts.texts(lang).values():
        for _, name, form, conversion in Formatter().parse(text):
            assert name is None or (re.fullmatch("[a-z_]+", name) and not conversion), text
            assert not form or re.fullmatch(r"[a-z ]*\|[a-z ]*", form), text  # the forms of a word beside a number


@pytest.mark.parametrize("lang", OTHERS)
def test_each_language_has_all_texts_in_the_same_order(lang: str) -> None:
    assert list(texts.texts(lang)) == list(ENGLISH)


@pytest.mark.parametrize("lang", OTHERS)
def test_the_gaps_are_those_of_english(lang: str) -> None:
    """But dates may be written from parts or as one word, and KPIs called by name or by label."""
    for key, text in texts.texts(lang).items():
        if key not in ("number.date", "run.called", "kpis.what"):
            assert gaps(text) == gaps(ENGLISH[key]), key


def test_a_number_that_is_one_is_no_gap_of_the_singular_that_the_plural_lacks() -> None:
    for key, text in ENGLISH.items():
        if key.endswith(".one"):
            many = ENGLISH[f"{key.removesuffix('.one')}.many"]
            assert gaps(text) - {"number"} == gaps(many) - {"number"}, key


NOUNS = "replications|runs|points|scenarios|leads|wins|days|months|hours|people|lines|changes|predictions|seats"
ONLY_PLURAL = re.compile(rf"\{{(\w+)\}} (?:(?:more|further|other|independent|single|business) )?({NOUNS})\b")
NO_NUMBER = {"arm", "base", "stage"}
"""Gaps for names, which a noun or a verb may follow."""


def test_a_noun_beside_a_number_has_a_singular() -> None:
    """By two keys or two forms, but for pages whose scripts fill the gaps."""
    assert ONLY_PLURAL.search("{number} replications of each")
    found = {
        key: text
        for key, text in ENGLISH.items()
        if not key.endswith((".one", ".many")) and not key.startswith(("player.", "panel."))
        if any(each[1] not in NO_NUMBER for each in ONLY_PLURAL.finditer(text))
    }
    assert not found


def test_a_form_goes_with_a_number() -> None:
    for number, said in (
        ("1", "1 replication of each"),
        ("2", "2 replications of each"),
        ("0", "0 replications of each"),
    ):
        assert say("diagnosis.counted", "en", number=number) == said
    for months, said in ((1.0, "1 month"), (2.0, "2 months"), (1.5, "1.50 months")):
        assert numbers.estimate({"mean": months, "low": None, "high": None, "unit": "months"}) == said


MESSAGE = re.compile(r"^ (?:more |further )?(?:replications|runs|points|scenarios|factors|alternatives)\b(?!:)")


@pytest.mark.parametrize("room", ["views", "cli", "results", "experiments", "scenario/study"])
def test_messages_write_numbers_of_things_by_one_function(room: str) -> None:
    """Fixed limits, which are written in capitals, are never 1."""
    found = []
    for path in (Path(funnelsim.__file__).parent / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                for one, text in pairwise(node.values):
                    counts = isinstance(one, ast.FormattedValue) and not ast.unparse(one.value).isupper()
                    if counts and isinstance(text, ast.Constant) and MESSAGE.match(str(text.value)):
                        found.append((path.name, node.lineno, text.value))
    assert not found


@pytest.mark.parametrize(
    ("asked", "variable", "local", "spoken"),
    [
        (None, None, {}, "en"),
        (None, None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, None, {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        (None, None, {"LANG": "de_DE.UTF-8"}, "en"),
        (None, "en", {"LANG": "ja_JP.UTF-8"}, "en"),
        (None, "ja-JP", {"LANG": "C"}, "ja"),
        ("en", "ja", {"LANG": "ja_JP.UTF-8"}, "en"),
        ("JA", None, {}, "ja"),
    ],
)
def test_which_language_is_spoken(
    asked: str | None,
    variable: str | None,
    local: dict[str, str],
    spoken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("FUNNELSIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in local.items():
        monkeypatch.setenv(name, value)
    if variable is not None:
        monkeypatch.setenv("FUNNELSIM_LANG", variable)
    with speaking(asked):
        assert language() == spoken


def test_a_language_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FunnelsimError, match="lang: there is no language 'fr' here; write en or ja"):
        say("list.comma", "fr")
    monkeypatch.setenv("FUNNELSIM_LANG", "klingon")
    with pytest.raises(FunnelsimError, match="FUNNELSIM_LANG: there is no language 'klingon'"):
        say("list.comma")


def test_the_language_ends_with_its_block() -> None:
    with speaking("ja"):
        assert say("list.and", before="受注", last="解約") == "受注と解約"
        with speaking("en"):
            assert say("list.and", before="受注", last="解約") == "受注 and 解約"
        assert language() == "ja"
    assert language() == "en"


def test_a_gap_that_is_left_open_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("list.and", before="a")


def test_braces_of_users_stay() -> None:
    assert say("list.and", before="{last}", last="{0}") == "{last} and {0}"


def test_japanese_signs_have_one_width() -> None:
    """The rule at the top of the file: brackets, colons and per cent signs are Latin, a minus is no hyphen."""
    for key, text in texts.texts("ja").items():
        assert not re.search("[（）：％－〜？！]", text), key
        assert not re.search(r"[ぁ-んァ-ヶ一-龠]-[ぁ-んァ-ヶ一-龠]", text), key
        assert not re.search(r"[ぁ-んァ-ヶ一-龠] \(|\) [ぁ-んァ-ヶ一-龠]|[ぁ-んァ-ヶ一-龠]: ", text), key


@pytest.mark.parametrize("other", ["段階", "オプション案", "負荷{", "見込客", "リプリケーション"])
def test_japanese_has_one_word_for_one_thing(other: str) -> None:
    """Words that the glossary at the top of the file has others for."""
    assert [key for key, text in texts.texts("ja").items() if other in text] == []
