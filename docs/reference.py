"""Makes the pages of docs/reference/ from the program: the language, the figures, the levers, the commands.

python docs/reference.py

The language comes from the types of `funnelsim.scenario` and the comments behind their fields; its examples are
the values that `tests/every_key` tries, each of which is shown there to act.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from funnelsim.cli.main import app
from funnelsim.results.measures.catalogue import Listed, listed
from funnelsim.scenario.changing.extended import ScenarioFile
from funnelsim.scenario.forms.amounts import DurationForm, RateForm
from funnelsim.scenario.forms.base import Form
from funnelsim.scenario.forms.distributions import COMMON, FAMILIES, DistForm
from funnelsim.scenario.forms.entry import ChoiceForm, Entry, EntryForm, ListForm, NamedForm, form_of_field
from funnelsim.scenario.forms.entry_schema import comments, summary
from funnelsim.scenario.forms.kinds import ByKindForm, StepsForm
from funnelsim.scenario.forms.names import MixtureForm, NameForm, NamesForm
from funnelsim.scenario.forms.plain import NumberForm
from funnelsim.scenario.language.lever import Lever
from funnelsim.scenario.reading import library
from funnelsim.scenario.study.spec import StudySpec

HERE = Path(__file__).resolve().parent
PAGES = HERE / "reference"
sys.path.insert(0, str(HERE.parent / "tests"))

from every_key.samples import SAMPLES, Sample  # noqa: E402  # lies among the tests

LARGEST = 1e12
"""Limits beyond it only keep numbers finite, and are not worth a word."""

HEAD = "<!-- Made by `python docs/reference.py`; a test holds it to the program. -->\n\n"

LANGUAGE = """# The scenario language

Every key of a scenario file: what it means, how it is written, its default, and an example that changes
something. A key that is left out has its default, and so has one that is `null`. Each default is neutral: it
adds nothing to the line. How values are written (money, times, dates) is told in [How values are
written](../writing.md); how levers and changes act on keys in [Levers](../levers.md).

*By kind of lead* in the second column means that the value may be one for all, or a list of cases: `[{if:
{segment: large}, then: 3}, {else: 2}]`. A *distribution* is a constant (`2 h`), a mean of an exponential
(`{dist: exponential, mean: 2 h}`), or one of those [at the end](#distributions). `NAME` stands for a name that
you choose, in any script.
"""

WORDS: Mapping[str, str] = {
    "TextForm": "text",
    "FlagForm": "`true` or `false`",
    "DateForm": "a date",
    "DayForm": "a date, a time after the start, or `warmup + 3 mo`",
    "MomentForm": "a date, a time after the start, or `warmup + 3 mo`",
    "VersionForm": "`1`",
    "ExchangeForm": "units of the scenario's currency for one of another",
    "NamedRatesForm": "money per time, by name",
    "WeekdaysForm": "days of the week",
    "IntervalsForm": "opening hours",
    "CountryForm": "code of a country, as `JP` or `US-CA`",
    "DaysForm": "dates and spans of dates",
    "WeekForm": "opening hours by weekday",
    "RolesForm": "a role, or several",
    "WeightsForm": "a name, or shares by name",
    "CountsForm": "whole numbers by name",
    "PeopleForm": "a whole number or quarters",
    "MoneyForm": "money",
    "MoneyRateForm": "money per time",
    "FactorsForm": "a factor for each",
    "SelectorForm": "which leads: keys below",
    "NumbersForm": "numbers by name of a stage",
    "PerYearForm": "a share per year, as `20 % / y`",
    "PerPeriodForm": "money per period",
    "FragmentForm": "keys of what it is laid over",
    "TextsForm": "text, or text by language",
    "PathsForm": "paths",
    "EntriesForm": "kinds of entries",
    "SentencesForm": "sentences by language",
    "EvidenceForm": "records by path: grade, source, range, note",
    "UncertainForm": "`{table: draws.csv}`",
    "TimesForm": "a factor",
    "ArmForm": "levers and changes by path",
    "LevelsForm": "values, or from, to and step",
    "DesignForm": "a design",
    "AmountOfForm": "a number, money, money per time, a share or a length of time, as the figure asks for",
}
"""How the values of a form are written, where the class alone says so."""


def written(form: Form[Any]) -> str:
    """How a value is written, in a few words with its unit and its limits."""
    if isinstance(form, ByKindForm):
        return f"{written(form.inner)}; by kind of lead"
    if isinstance(form, StepsForm):
        return f"{written(form.number)}, or steps by date"
    if isinstance(form, ListForm):
        return f"a list: {written(form.inner)}"
    if isinstance(form, NamedForm):
        return f"by name: {written(form.inner)}"
    if isinstance(form, EntryForm):
        return "keys below"
    if isinstance(form, ChoiceForm | MixtureForm):
        return " or ".join(f"`{choice}`" for choice in form.choices) + (
            ", or shares of them" if isinstance(form, MixtureForm) else ""
        )
    if isinstance(form, NameForm):
        return f"name of a {form.role}"
    if isinstance(form, NamesForm):
        return f"name of a {form.role}, or a list of names"
    if isinstance(form, DurationForm):
        return f"a length of time ({', '.join(form.units)}){', above 0' if form.positive else ''}"
    if isinstance(form, DistForm):
        kind = "money" if form.money else f"time ({', '.join(form.units)})" if form.units else "number"
        return f"{kind}, or a distribution of it"
    kind = WORDS.get(type(form).__name__)
    if kind is None and isinstance(form, RateForm):
        return f"so many per time ({', '.join(form.units)})"
    if isinstance(form, NumberForm) and type(form).__name__ not in ("VersionForm",):
        return f"{kind or ('a whole number' if form.whole else 'a number')}{_limits(form)}"
    assert kind is not None, f"say in WORDS how a value of {type(form).__name__} is written"
    return kind


def _limits(form: NumberForm) -> str:
    if form.above is not None:
        return f", above {form.above:g}" + (f", at most {form.high:g}" if form.high < LARGEST else "")
    if form.low <= -LARGEST:
        return ""
    if form.high >= LARGEST:
        return f", {form.low:g} or more"
    return f", {form.low:,g} to {form.high:,g}"


def flow(value: Any) -> str:
    """A value as it is written in a file, on one line."""
    stream = StringIO()
    writer = YAML()
    writer.width = 10_000
    writer.dump(CommentedMap({"x": _flowing(value)}), stream)
    return stream.getvalue().strip().removeprefix("x:").strip()


def _flowing(value: Any) -> Any:
    if isinstance(value, Mapping):
        made = CommentedMap({key: _flowing(one) for key, one in value.items()})
        made.fa.set_flow_style()
        return made
    if isinstance(value, list | tuple):
        row = CommentedSeq([_flowing(one) for one in value])
        row.fa.set_flow_style()
        return row
    return value


def default(kind: type[Entry], name: str) -> str:
    """The default of a field, as it would be written."""
    field = kind.model_fields[name]
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value == () or value == {} or isinstance(value, Entry):
        return ""
    plain = value if isinstance(value, str | int | float | bool) else _plain(value)
    return f"`{flow(plain)}`" if plain is not None else ""


def _plain(value: Any) -> Any:
    """A quantity as it is written, where that is one word."""
    text = str(value)
    if hasattr(value, "amount") and hasattr(value, "unit"):
        return f"{value.amount:g} {value.unit}"
    if type(value).__name__ == "ByKind" and not value.cases:
        return _plain(value.other) if not isinstance(value.other, str | int | float | bool) else value.other
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return None if "(" in text or text.startswith("<") else text


def example(path: str) -> str:
    """The value that `tests/every_key` tries."""
    found = SAMPLES.get(path)
    value = found.value if isinstance(found, Sample) else found
    refused = path == "funnelsim"  # there is one version, so that the other value that is tried is refused
    return "" if found is None or value is None or refused else f"`{flow(value)}`"


def sections(kind: type[Entry], path: str, title: str, seen: dict[str, str], level: int = 2) -> Iterator[str]:
    """The table of a type and those of its parts; a type that stands in two places has one table."""
    seen[kind.__name__] = title
    inner: list[tuple[type[Entry], str, str]] = []
    rows = []
    notes = comments(kind)
    for key, name in kind.keys().items():
        form = form_of_field(kind, name)
        below, tail = form, ""
        while isinstance(below, NamedForm | ListForm | ByKindForm):
            tail += {"NamedForm": ".*", "ListForm": ".0", "ByKindForm": ""}[type(below).__name__]
            below = below.inner
        place = f"{path}{key}"
        how = written(form)
        if isinstance(below, EntryForm):
            part = below.type
            shown = f"{place}{tail}".replace(".*", ".NAME").replace(".0", "")
            if part.__name__ not in seen and all(part.__name__ != one.__name__ for one, _, _ in inner):
                inner.append((part, f"{place}{tail}.", shown))
            where = seen.get(part.__name__) or next(at for one, _, at in inner if one.__name__ == part.__name__)
            how = how.replace("keys below", f"keys of [`{where}`](#{_anchor(where)})")
        rows.append((f"`{key}`", notes.get(name, ""), how, default(kind, name), example(place)))
    yield f"{'#' * level} `{title}`" if title else "## The file"
    yield summary(kind) + _short(kind)
    yield "\n".join(["| key | meaning | written | default | example |", "|---|---|---|---|---|", *map(_row, rows)])
    for part, place, shown in inner:
        if part.__name__ not in seen:
            yield from sections(part, place, shown, seen, min(level + 1, 4) if title else 2)


def _short(kind: type[Entry]) -> str:
    """That a single value stands for a whole mapping, where it does."""
    if not kind.main:
        return ""
    return f" A value alone is its `{kind.main[0]}`."


def _anchor(title: str) -> str:
    return "".join(c for c in title.lower() if c.isalnum() or c in "-_ ").replace(" ", "-")


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    return "\n".join([_row(heads), "|" + "---|" * len(heads), *map(_row, rows)])


def language() -> str:
    """The page of the scenario language."""
    families = (
        (f"`{name}`", ", ".join(f"`{key}`" for key in family.known)) for name, family in sorted(FAMILIES.items())
    )
    parts = [
        LANGUAGE,
        *sections(ScenarioFile, "", "", {}),
        "## Distributions",
        f"`dist` names the family; beside its parameters each takes {', '.join(f'`{key}`' for key in COMMON)}. "
        "Any other name is that of a distribution of `scipy.stats`, with its parameters.",
        _table(("dist", "parameters"), families),
        "## A lever file",
        "A lever is laid over a scenario (see [Levers](../levers.md)).",
        *list(sections(Lever, "", "lever", {}))[1:],
    ]
    parts += [
        "## A study file",
        "A study has a base, arms or factors, and a question (see [Studies](../studies.md)).",
    ]
    parts += list(sections(StudySpec, "", "study", {}))[1:]
    return "\n\n".join(parts) + "\n"


FIGURES = """# Figures that a run gives

Each KPI of the line, and each figure of a stage or a team, with how it is counted. `<milestone>`, `<reason>`
and `<cost>` stand for names that a scenario gives, *money* for its currency. `funnelsim kpis --for FILE` lists
those of one scenario.
"""


def figures() -> str:
    """The page of all figures."""
    groups: dict[tuple[str, str], list[Listed]] = {}
    for each in listed():
        groups.setdefault((each.of, each.group), []).append(each)
    parts = [FIGURES]
    for (_, group), rows in groups.items():
        parts.append(f"## {group}")
        parts.append(
            _table(
                ("name", "label", "unit", "how it is counted"),
                ((f"`{one.name}`", one.label, one.unit or "–", one.definition) for one in rows),
            )
        )
    return "\n\n".join(parts) + "\n"


LEVERS = """# Levers and designs

The levers that come with funnelsim, with what they are expected to do on `mid_market`, and when that flips.
`funnelsim levers --for FILE` says which of them fit your own line. Grades of evidence: H measured in the field,
M from a study or a survey, L a judgement (see [Sources](../sources.md)).
"""


def levers() -> str:
    """The page of the shipped levers."""
    groups: dict[str, list[Any]] = {}
    for each in library.levers():
        lever = YAML(typ="safe").load(each.path.read_text(encoding="utf-8"))
        groups.setdefault(lever.get("group", "other"), []).append(lever)
    parts = [LEVERS]
    for group, rows in sorted(groups.items()):
        parts.append(f"## {group.capitalize()}")
        for lever in sorted(rows, key=lambda one: str(one["lever"])):
            parts += _lever(lever)
    return "\n\n".join(parts) + "\n"


def _lever(lever: Mapping[str, Any]) -> Iterator[str]:
    title, question = (_english(lever.get(key, "")) for key in ("title", "question"))
    yield f"### `{lever['lever']}`: {title}"
    yield " ".join(filter(None, (question, str(lever.get("description", "")).strip().replace("\n", " "))))
    assumed: dict[str, list[str]] = {}
    for path, sentence in (lever.get("assumes") or {}).items():
        assumed.setdefault(_english(sentence), []).append(f"`{path}`")
    for sentence, paths in assumed.items():
        yield f"Without {' or '.join(paths)} it shows one side only: {sentence}."
    if lever.get("expect"):
        yield _table(
            ("KPI", "expected", "where", "because"),
            (
                (f"`{one['kpi']}`", str(one["expect"]), str(one.get("at", "mid_market")), _english(one["because"]))
                for one in lever["expect"]
            ),
        )


def _english(text: Any) -> str:
    if isinstance(text, Mapping):
        text = text["en"]
    return str(text).strip().replace("\n", " ")


COMMANDS = """# Commands

Every command with its arguments and options, as `funnelsim COMMAND --help` prints them. Results go to standard
output, all else to standard error; the exit code is 0 when done, 2 when the input is wrong, 1 for anything
else.
"""


def _leaves(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Commands with their names, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def commands() -> str:
    """The page of the commands."""
    from typer.main import get_command

    group = get_command(app)
    context = group.make_context("funnelsim", ["run"], resilient_parsing=True)
    parts = [COMMANDS]
    for name, command in sorted(_leaves(group)):
        parts.append(f"## {name}")
        rows = []
        for one in command.params:
            record = one.get_help_record(context)
            if record is None:
                record = (one.make_metavar(context), getattr(one, "help", "") or "")
            rows.append((f"`{record[0]}`", record[1]))
        parts.append((command.help or "").replace("\n\n", "\n\n"))
        parts.append(_table(("argument or option", "meaning"), iter(rows)))
    return "\n\n".join(parts) + "\n"


MADE: Mapping[str, Callable[[], str]] = {
    "language": language,
    "figures": figures,
    "levers": levers,
    "commands": commands,
}
"""Each page and what makes it."""


def main() -> None:
    """Write all pages."""
    PAGES.mkdir(exist_ok=True)
    for name, make in MADE.items():
        (PAGES / f"{name}.md").write_text(HEAD + make(), encoding="utf-8")


if __name__ == "__main__":
    main()
