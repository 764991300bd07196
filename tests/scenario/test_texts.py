"""What files say for readers may be one text, or one for each language; it is shown and moves no result."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelsim as fs
from funnelsim.scenario.language.texts import LANGUAGES
from funnelsim.views.words import LANGUAGES as SPOKEN
from funnelsim.views.words import spoken

DESK = """
funnelsim: 1
horizon: 8 d
description: {en: A desk, ja: 窓口}
sources: {web: {rate: 2 / h}}
teams: {desk: {headcount: 3, queue: fifo}}
stages: {serve: {team: desk, effort: 1 h}}
"""
STRANGE = "expected a text, or one for each of en, ja; there is no language"
STUDY = """
study: desks
question: {en: How many?, ja: 何人か}
description: {ja: 窓口の人数}
base: desk.yaml
arms: {more: {teams.desk.headcount: 4}}
kpis: [won]
"""


@pytest.fixture
def desk() -> fs.Scenario:
    return fs.Scenario.from_text(DESK)


def test_files_may_speak_the_languages_of_results() -> None:
    assert LANGUAGES == SPOKEN


@pytest.mark.parametrize(
    ("written", "lang", "shown"),
    [
        ({"en": "A desk", "ja": "窓口"}, "en", "A desk"),
        ({"en": "A desk", "ja": "窓口"}, "ja", "窓口"),
        ("One text", "ja", "One text"),
        ({"ja": "窓口"}, "en", "窓口"),
        (2026, "en", "2026"),
        (None, "en", ""),
    ],
)
def test_the_text_of_a_language_or_else_the_one_that_there_is(
    desk: fs.Scenario, written: object, lang: str, shown: str
) -> None:
    document = {**desk.document, "description": written}
    assert spoken(fs.Scenario.from_dict(document).spec.description, lang) == shown


def test_a_description_moves_no_fingerprint(desk: fs.Scenario) -> None:
    for said in ("x", {"ja": "別の説明"}, {"en": "other", "ja": "別"}, None):
        assert desk.change({"description": said}).fingerprint == desk.fingerprint


def test_a_description_replaces_the_one_before_it_whole(desk: fs.Scenario, tmp_path: Path) -> None:
    """A file that extends another and says in one language what it is says nothing of the other in its second."""
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    (tmp_path / "own.yaml").write_text("extends: desk.yaml\ndescription: {ja: 夜間の窓口}\n", encoding="utf-8")
    assert fs.load(tmp_path / "own.yaml").spec.description == {"ja": "夜間の窓口"}
    assert desk.change({"description.ja": "昼の窓口"}).spec.description == {"en": "A desk", "ja": "昼の窓口"}
    assert fs.Scenario.from_dict(desk.document).spec.description == desk.spec.description


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            "{en: A, jp: B}",
            "4:22: description.jp: {STRANGE} 'jp'",
        ),
        (
            "{英語: A}",
            "4:15: description.英語: {STRANGE} '英語'",
        ),
        ("{}", "4:14: description: expected a text, or one for each of en, ja, found an empty mapping"),
        ("{en: A, ja: [B]}", "4:26: description.ja: expected text, found a list of 1"),
        ("[A, B]", "4:14: description: expected text, found a list of 2"),
    ],
)
def test_what_is_no_text_and_no_language_is_refused_where_it_stands(
    tmp_path: Path, written: str, said: str
) -> None:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK.replace("{en: A desk, ja: 窓口}", written), encoding="utf-8")
    with pytest.raises(fs.ScenarioError) as wrong:
        fs.load(path)
    assert [str(each) for each in wrong.value.problems] == [f"{path}:{said.format(STRANGE=STRANGE)}"]


def test_a_study_asks_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    spec = fs.load_study(tmp_path / "study.yaml").spec
    assert spec.question == {"en": "How many?", "ja": "何人か"}
    assert spec.description == {"ja": "窓口の人数"}
    (tmp_path / "study.yaml").write_text(STUDY.replace("en:", "fr:"), encoding="utf-8")
    with pytest.raises(fs.ScenarioError, match=r"study.yaml:3:12: question.fr: .* no language 'fr'"):
        fs.load_study(tmp_path / "study.yaml")
