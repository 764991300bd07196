"""Characters that no font has: what is looked for, and what is said."""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib import font_manager

from funnelsim.views.pictures import fonts


def forget() -> None:
    for each in (fonts.family, fonts._characters, fonts._find, fonts._warn, fonts._is_listed_anew):
        each.cache_clear()


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A machine of which nothing is known yet, with no fonts but Matplotlib's; where its list of fonts is kept."""
    manager = font_manager.fontManager
    monkeypatch.setattr(manager, "ttflist", [each for each in manager.ttflist if "DejaVu" in each.name])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    monkeypatch.setattr("matplotlib.get_cachedir", lambda: str(tmp_path))
    monkeypatch.setattr(fonts, "_more", [])
    forget()
    yield tmp_path
    forget()


def test_one_warning_names_the_font(anew: Path) -> None:
    with pytest.warns(UserWarning, match="install the font 'Noto Sans Thai'") as said:
        assert fonts.drawable("ไทย ก") == "□□□ □"
    assert len(said) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fonts.drawable("ไทย") == "□□□"
        assert fonts.drawable("受注 a\x1b") == "受注 a□"


def test_a_font_that_was_installed_since_is_found_and_the_list_is_kept(
    anew: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Matplotlib's list names no font with Japanese letters, and the package of the dependencies is not there."""
    packaged = next(Path(str(fonts.find_spec("matplotlib_fontja").origin)).parent.glob("fonts/*.ttf"))  # type: ignore[union-attr]
    installed = anew / "japanese.ttf"
    shutil.copy(packaged, installed)
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    assert fonts.family() == (fonts.LATIN,)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(installed)])
    assert fonts.drawable("受注") == "受注"
    assert fonts.family() == (fonts.LATIN, "IPAexGothic")
    (kept,) = anew.glob("fontlist-*.json")
    assert str(installed) in {each["fname"] for each in json.loads(kept.read_text(encoding="utf-8"))["ttflist"]}


def test_a_list_that_cannot_be_kept_does_no_harm(anew: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matplotlib.get_cachedir", lambda: str(anew / "nowhere"))
    fonts._keep(font_manager.fontManager)
    assert not (anew / "nowhere").exists()
