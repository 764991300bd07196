"""`check`, `init`, `templates`, and what importing costs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from commands import DESK, Command, Typed, written

import funnelsim as fs
from funnelsim.scenario.reading import library, whole

HEAVY = ("pandas", "scipy.stats", "matplotlib", "numba", "simpy")


def test_check_prints_rates_and_loads(funnelsim: Command, desk: str) -> None:
    done = funnelsim("check", desk)
    assert done.returncode == 0
    assert done.stdout.startswith(f"OK {desk}")
    assert "67 %" in done.stdout
    assert done.stderr == ""


def test_check_as_json(funnelsim: Command, desk: str, tokyo: str) -> None:
    Path(desk).with_name("bad.yaml").write_text("horizon: 3\nstages: {}\n")
    done = funnelsim("check", desk, "bad.yaml", tokyo, "--json")
    assert done.returncode == 2
    right, wrong, overloaded = json.loads(done.stdout)["files"]
    assert right["ok"]
    assert right["teams"]["desk"]["load"] == pytest.approx(2 / 3)
    assert right["stages"]["serve"] == {"average": 1.0, "arriving": 1.0, "visits_per_month": pytest.approx(1461)}
    assert not wrong["ok"]
    assert {"code", "file", "line", "column", "path", "message"} == set(wrong["problems"][0])
    assert all(problem["file"] == "bad.yaml" for problem in wrong["problems"])
    assert overloaded["ok"]
    assert "the expected load is" in overloaded["warnings"][0]


def test_check_goes_on_after_a_bad_file(funnelsim: Command, desk: str) -> None:
    done = funnelsim("check", "missing.yaml", desk)
    assert done.returncode == 2
    assert "missing.yaml" in done.stderr
    assert f"OK {desk}" in done.stdout


def test_init_writes_files_that_run(funnelsim: Command, tmp_path: Path) -> None:
    done = funnelsim("init", "new/project", "--template", "one_desk")
    assert done.returncode == 0, done.stderr
    scenario = tmp_path / "new" / "project" / "scenario.yaml"
    assert scenario.read_bytes() == library.template("one_desk").read_bytes()
    notebook = json.loads((tmp_path / "new" / "project" / "first_steps.ipynb").read_text(encoding="utf-8"))
    assert any("scenario.yaml" in "".join(cell["source"]) for cell in notebook["cells"])
    assert funnelsim("check", str(scenario)).returncode == 0


def test_init_overwrites_nothing(funnelsim: Command, tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("mine")
    done = funnelsim("init", "--template", "one_desk")
    assert done.returncode == 2
    assert "scenario.yaml: there already" in done.stderr
    assert (tmp_path / "scenario.yaml").read_text() == "mine"
    assert not (tmp_path / "first_steps.ipynb").exists()


@pytest.mark.parametrize(("options", "template"), [([], "mid_market"), (["--ja"], "japan")])
def test_init_begins_with_the_effects_of_real_life(
    funnelsim: Command, tmp_path: Path, options: list[str], template: str
) -> None:
    """A whole file that extends nothing and means what the template means."""
    assert funnelsim("init", *options).returncode == 0
    own = fs.load(tmp_path / "scenario.yaml")
    assert "extends" not in own.document
    assert own.fingerprint == fs.load(library.template(template)).fingerprint
    assert any(stage.decay.other is not None for stage in own.spec.stages.values())


def test_init_in_japanese_is_of_one_template(funnelsim: Command, tmp_path: Path) -> None:
    done = funnelsim("init", "--ja", "--template", "one_desk")
    assert done.returncode == 2
    assert "the Japanese template is japan" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [template.name for template in library.templates()])
def test_a_template_made_whole_means_the_same(name: str) -> None:
    path = library.template(name)
    text = whole.whole(path)
    assert fs.Scenario.from_text(text).fingerprint == fs.load(path).fingerprint
    comments = {
        line.split("#", 1)[1]
        for line in path.read_text(encoding="utf-8").splitlines()
        if ":" in line and "#" in line and not line.startswith("#") and ": null" not in line
    }
    lost = {one for one in comments if one not in text}
    assert len(lost) <= 0.2 * len(comments), (
        lost
    )  # those of keys that only open a section which the other file opens too


def test_templates_lists_and_prints(funnelsim: Command) -> None:
    names = [template.name for template in library.templates()]
    assert "one_desk" in names
    listing = funnelsim("templates")
    assert all(name in listing.stdout for name in names)
    listed = json.loads(funnelsim("templates", "--json").stdout)
    assert [template["name"] for template in listed["templates"]] == names
    text = library.template("one_desk").read_text(encoding="utf-8")
    assert funnelsim("templates", "one_desk").stdout == text
    assert [study["name"] for study in listed["studies"]] == [each.name for each in library.studies()]
    assert funnelsim("templates", "one_more_rep").stdout.startswith("# Where does the next hire pay?")


def test_a_template_runs_by_its_name(funnelsim: Command) -> None:
    done = funnelsim("check", "one_desk")
    assert done.returncode == 0, done.stderr


def loaded(code: str) -> set[str]:
    """The heavy modules that some code imports."""
    show = f"import sys; {code}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert loaded("import funnelsim, funnelsim.cli.main") == set()


def test_check_imports_nothing_heavy(desk: str) -> None:
    assert loaded(f"from funnelsim.cli.check import examine; assert not examine({desk!r}).problems") == set()


def test_public_names_are_written_once() -> None:
    assert set(fs.__all__) == set(dir(fs))
    assert all(getattr(fs, name) is not None for name in fs.__all__)
    with pytest.raises(AttributeError, match="simulat"):
        _ = fs.simulat


def test_the_version_is_that_of_the_package(funnelsim: Command) -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert fs.__version__ == project["version"]
    assert funnelsim("--version").stdout.strip() == f"funnelsim {fs.__version__}"


@pytest.mark.parametrize("options", [[], ["--ja"]])
def test_the_notebook_of_init_runs(
    funnelsim: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    assert funnelsim("init", *options).returncode == 0
    notebook = json.loads((tmp_path / "first_steps.ipynb").read_text(encoding="utf-8"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FUNNELSIM_LANG", "en")  # the Japanese one chooses its language
    names: dict[str, object] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    verdict = names["answer"].verdict  # type: ignore[attr-defined]
    assert ("受注件数が増えます" if options else "one more in each team: more won") in verdict


def test_kpis_are_listed_with_unit_and_definition(typed: Typed, tmp_path: Path) -> None:
    found = typed("kpis", "churn")
    assert found.returncode == 0
    assert re.search(r"logo_churn +share +Share of customers lost", found.stdout)
    every = json.loads(typed("kpis", "--json").stdout)["kpis"]
    assert {each["of"] for each in every} == {"line", "stage", "team", "handoff"}
    written(tmp_path / "desk.yaml", DESK)
    own = json.loads(typed("kpis", "--for", "desk.yaml", "--json").stdout)["kpis"]
    assert "<milestone>_created" in {each["name"] for each in every} - {each["name"] for each in own}
    nothing = typed("kpis", "zzz")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "`funnelsim kpis` lists them all" in nothing.stderr
