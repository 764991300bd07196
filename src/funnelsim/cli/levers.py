"""``funnelsim levers``."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from funnelsim.errors import FunnelsimError, ScenarioError
from funnelsim.scenario.changing import levers as files
from funnelsim.scenario.changing.differences import Difference, differences
from funnelsim.scenario.changing.extended import SPEC
from funnelsim.scenario.changing.fitting import one_sided, unclear
from funnelsim.scenario.changing.lacks import Lack, unfit
from funnelsim.scenario.changing.typed import read_spec
from funnelsim.scenario.language.lever import LEVER_GROUPS
from funnelsim.scenario.language.texts import LANGUAGES, shown
from funnelsim.scenario.reading.document import flow
from funnelsim.views.sentences.plans import before_and_after
from funnelsim.views.words import clauses, listed, say, spoken

from . import inputs, streams
from .frames import frame

if TYPE_CHECKING:
    from funnelsim.scenario.scenario import Scenario


OWN = "own"
"""The group of levers that lie beside a line."""


@dataclass(frozen=True)
class Fit:
    """A lever of the library or of one's own, and whether it fits a line."""

    lever: files.Dosed
    own: bool = False
    lacks: tuple[str, ...] = ()
    missing: tuple[Lack, ...] = ()
    unclear: tuple[tuple[str, ...], ...] = ()
    one_sided: tuple[dict[str, str], ...] = ()

    @property
    def group(self) -> str:
        """Under which heading it is listed."""
        return OWN if self.own else self.lever.lever.group

    @property
    def title(self) -> str:
        """What it is, in a line."""
        return spoken(self.lever.lever.title)

    def said(self, sides: Sequence[str]) -> str:
        """Whether it fits, in words; what it shows one side of only, by its number among ``sides``."""
        if self.lacks:
            return self._why()
        if not self.one_sided:
            return say("levers.fits")
        numbers = sorted(sides.index(spoken(each)) + 1 for each in self.one_sided)
        return say("levers.one_sided", numbers=say("list.comma").join(map(str, numbers)))

    def _why(self) -> str:
        """Why it does not fit, in few words: what to write is told once, below all levers."""
        taken = ", ".join(each.missing for each in self.missing if each.remedy == "rename")
        lacking = ", ".join(each.missing for each in self.missing if each.remedy != "rename")
        if lacking or taken:
            key = "levers.lacks.both" if lacking and taken else "levers.lacks" if lacking else "levers.taken"
            return say(key, what=lacking, taken=taken)
        if self.unclear:
            names = ",".join(dict.fromkeys(among[0] for among in self.unclear))
            return say("levers.unclear", example=f"{self.lever.name}:{names}")
        if self.one_sided:
            return say("levers.idle", text=self.sides)
        called = f"lever {self.lever.name}"
        said = dict.fromkeys(each.removeprefix(called).removeprefix(":").strip() for each in self.lacks)
        return say("levers.refused", text=clauses([*said], "en"))

    @property
    def sides(self) -> str:
        """What it shows one side of only, in the language in force."""
        return clauses([spoken(each) for each in self.one_sided])

    def to_dict(self, fitted: bool) -> dict[str, Any]:
        """The lever in the JSON document."""
        lever = self.lever.lever
        listed = {
            "name": self.lever.name,
            "group": say(f"levers.group.{self.group}", "en"),
            "title": lever.title,
            "question": lever.question,
        }
        if not fitted:
            return listed
        return {
            **listed,
            "fits": not self.lacks,
            "lacks": list(self.lacks),
            "one_sided": [*map(shown, self.one_sided)],
        }


def levers(word: str | None, file: str | None, group: str | None, json: bool) -> None:
    """Print the levers of the library, those that fit a line, or what one would change there."""
    line = inputs.scenario(file, None, None) if file is not None else None
    folder = line.folder if line is not None else None
    names = files.known(folder)
    if word is not None and (files.is_path(word) or word.split(":")[0].split("@")[0] in names):
        _one(word, line, json)
        return
    found = [_fit(files.find(name, folder), line) for name in names]
    found = [each for each in found if _fits(each, word, group)]
    found.sort(
        key=lambda each: (each.own, each.group if each.own else LEVER_GROUPS.index(each.group), each.lever.name)
    )
    if not found:
        raise FunnelsimError(_nothing(word, group, _near(word or "", names, folder)), code="E-name-unknown")
    if json:
        streams.document({"levers": [each.to_dict(line is not None) for each in found]})
    else:
        _show(found, line)


def _near(word: str, names: Sequence[str], folder: Path | None) -> list[str]:
    """The names of levers whose name or title, in any language, is most like a word."""
    called = {name: name for name in names}
    for name in names:
        lever = files.find(name, folder).lever
        called |= {part.casefold(): name for title in lever.title.values() for part in (title, *title.split())}
    return list(dict.fromkeys(called[one] for one in get_close_matches(word.casefold(), called, 3, 0.6)))


def _nothing(word: str | None, group: str | None, close: Sequence[str]) -> str:
    wanted = " and ".join(
        [
            *([f"has {word!r} in its name or title"] if word else []),
            *([f"is of the group {group!r}"] if group else []),
        ]
    )
    groups = f"; groups are {', '.join(LEVER_GROUPS)}" if group else ""
    better = f"; the nearest are {', '.join(close)}" if close else ""
    return f"no lever of the library {wanted or 'is there'}{better}; `funnelsim levers` lists them all{groups}"


def _fits(each: Fit, word: str | None, group: str | None) -> bool:
    lever = each.lever.lever
    if group is not None and group not in (each.group, say(f"levers.group.{each.group}", "en")):
        return False
    headings = (say(f"levers.group.{each.group}", lang) for lang in LANGUAGES)
    texts = (each.lever.name, *lever.title.values(), *lever.question.values(), *headings)
    return word is None or any(_folded(word) in _folded(text) for text in texts)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _fit(lever: files.Dosed, line: Scenario | None) -> Fit:
    own = not lever.shipped
    if line is None:
        return Fit(lever, own)
    try:
        made = line.with_levers(lever.name)
    except ScenarioError as error:
        document = line.composed.document
        missing = unfit(lever, document)
        several = () if missing else unclear(lever, document, SPEC)
        idle = () if missing or several else tuple(one_sided(lever, document, SPEC, read_spec))
        return Fit(lever, own, tuple(one.message for one in error.problems), missing, several, idle)
    return Fit(lever, own, one_sided=_one_sided(line, made))


def _one_sided(line: Scenario, made: Scenario) -> tuple[dict[str, str], ...]:
    """What the lever shows one side of only on a line, by language."""
    return tuple(each.texts for each in made.composed.cautions[len(line.composed.cautions) :])


def _show(found: Sequence[Fit], line: Scenario | None) -> None:
    columns = ("table.name", "table.what", *([] if line is None else ["levers.here"]))
    table = frame("", tuple(map(say, columns)), left=len(columns))
    sides = list(dict.fromkeys(spoken(text) for each in found if not each.lacks for text in each.one_sided))
    for group, members in groupby(found, lambda each: each.group):
        table.add_row(Text(say(f"levers.group.{group}"), style="bold"), *[""] * (len(columns) - 1))
        for each in members:
            row = [Text(f"  {each.lever.name}"), Text(each.title)]
            table.add_row(*row, *([] if line is None else [Text(each.said(sides))]))
    console = streams.results()
    console.print(table)
    if sides:
        console.print()
        console.print(_table_of(sides, found))
    missing = {lack.missing: lack for each in found for lack in each.missing}
    if missing:
        remedies = frame(say("levers.missing"), (say("levers.missing.path"), say("levers.missing.add")), left=2)
        for path, lack in missing.items():
            remedies.add_row(Text(path), Text(_remedy(lack)))
        console.print()
        if any(lack.has_money for lack in missing.values()):
            console.print(Text(say("levers.missing.money"), style="dim"))
        console.print(remedies)


def _table_of(sides: Sequence[str], found: Sequence[Fit]) -> Table:
    """What levers show one side of only, told once, with the levers."""
    table = frame(say("levers.sides"), tuple(map(say, ("levers.sides.number", "levers.sides.why"))), left=2)
    for number, side in enumerate(sides, start=1):
        levers = [each.lever.name for each in found if not each.lacks and side in map(spoken, each.one_sided)]
        table.add_row(Text(f"{number}"), Text(say("levers.sides.said", text=side, levers=listed(levers))))
    return table


def _remedy(lack: Lack) -> str:
    """What to add to a line, or to change, so that levers fit."""
    if lack.remedy == "said":
        return lack.why
    key = f"levers.missing.{lack.remedy}"
    if lack.remedy == "value" and not lack.where:
        key = f"{key}.file"
    return say(key, write=lack.write, where=listed(lack.where, "or"))


# --- one lever -----------------------------------------------------------------------------------------------


def _one(reference: str, line: Scenario | None, json: bool) -> None:
    lever = files.find(reference, line.folder if line is not None else None, anywhere=True)
    if line is None:
        text = lever.path.read_text(encoding="utf-8")
        if json:
            streams.document({"name": lever.name, "text": text})
        else:
            sys.stdout.write(text)
        return
    made = line.with_levers(reference)
    changed = list(differences(line.document, made.document))
    said = [text for text in made.warnings if text not in line.warnings]
    fit = Fit(lever, not lever.shipped, one_sided=_one_sided(line, made))
    if json:
        values = [{"path": each.path, "before": each.before, "after": each.after} for each in changed]
        one_sided = [*map(shown, fit.one_sided)]
        streams.document(
            {"lever": reference, "dose": lever.dose, "changes": values, "one_sided": one_sided, "warnings": said}
        )
        return
    console = streams.results()
    for row in _words(lever, line, changed):
        console.print(row, soft_wrap=True)
    if any(team.from_ for team in made.spec.teams.values()):
        from funnelsim.model.balance.planned import hours_of, plan_of
        from funnelsim.model.compile import compile_model

        hours = (hours_of(line, compile_model(line)), hours_of(made, compile_model(made)))
        console.print(Text(before_and_after(plan_of(line), plan_of(made), hours)), soft_wrap=True)
    if fit.one_sided:
        console.print(Text(say("levers.one_sided.whole", text=fit.sides)), soft_wrap=True)
    streams.warn([text for text in said if text not in made.cautions], quiet=False)


def _words(lever: files.Dosed, line: Scenario, changed: Sequence[Difference]) -> Iterator[Text]:
    title = spoken(lever.lever.title) or lever.name
    yield Text(say("levers.dose", title=title, name=lever.name, dose=f"{lever.dose:g}"), style="bold")
    question = spoken(lever.lever.question)
    if question:
        yield Text(question)
    yield Text(say("levers.changes", line=line.name))
    for each in changed:
        yield Text(f"  {inputs.rounded(_change(each))}")


def _change(each: Difference) -> str:
    before, after = (None if value is None else flow(value) for value in (each.before, each.after))
    if before is None:
        return say("levers.change.new", path=each.path, after=after)
    if after is None:
        return say("levers.change.gone", path=each.path, before=before)
    return say("levers.change.other", path=each.path, before=before, after=after)
