"""Makes docs/mechanisms.md of docs/mechanisms.yaml.

python docs/mechanisms.py
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCE = HERE / "mechanisms.yaml"
PAGE = HERE / "mechanisms.md"
LEVERS = ROOT / "scenarios" / "levers"

HEAD = """# Where each mechanism is found

{count} mechanisms of selling were collected before funnelsim was built. This page says where each is found: in the
fields of a scenario, in a KPI, in the records, or in a lever. It is made by `python docs/mechanisms.py` from
`docs/mechanisms.yaml`; a test holds it to the language, the KPIs and the files that there are.

**Type**: C the core of the model, L a lever that users pull, P a preset, R a report, X nothing for a simulation.
KPIs written `stages.x` and `teams.x` stand in the tables of stages and teams. Names in *italics* are to come.

{counted}
"""

COLUMNS = "| id | what | type | fields | seen in | levers and files |\n|---|---|---|---|---|---|"

GROUPS = {
    "0": "Making the sales process visible",
    "1": "Four purposes of the process",
    "2": "The whole before the parts",
    "3": "CRM, SFA and marketing automation",
    "4": "Sales management",
}


def entries() -> dict[str, dict[str, Any]]:
    """The mechanisms by id, in file order."""
    return dict(YAML(typ="safe").load(SOURCE.read_text(encoding="utf-8")))


def lever_file(name: str) -> Path | None:
    """The file of a lever of the library."""
    path = LEVERS / f"{name}.yaml"
    return path if path.exists() else None


def render(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """The page."""
    whole = [name for name, row in rows.items() if not {"partly", "not_expressible"} & set(row)]
    partly = [name for name, row in rows.items() if "partly" in row]
    counted = (
        f"{len(whole)} can be said in full, {len(partly)} in part (what is missing stands in the table), "
        f"{len(rows) - len(whole) - len(partly)} not at all."
    )
    parts = [HEAD.format(count=len(rows), counted=counted)]
    for group, title in GROUPS.items():
        parts.append(
            f"## {title}\n\n| id | what | type | fields | seen in | levers and files |\n|---|---|---|---|---|---|"
        )
        parts.extend(_line(name, row) for name, row in rows.items() if name.startswith(f"{group}-"))
        parts.append("")
    return "\n".join(parts)


def _line(name: str, row: Mapping[str, Any]) -> str:
    what = row["what"] + "".join(
        f"; {word}{row[key]}"
        for key, word in (("note", ""), ("partly", "**not:** "), ("not_expressible", "**not expressible:** "))
        if key in row
    )
    seen = [
        *_code(row.get("kpis", ())),
        *_code(row.get("records", ()), "records: "),
        *_code(row.get("python", ())),
    ]
    files = [f"[{lever}]({_link(lever)})" for lever in row.get("levers", ())]
    files += [f"[{Path(path).name}](../{path})" for path in row.get("files", ())]
    files += [f"*{later}*" for later in row.get("later", ())]
    cells = (name, what, row["type"], ", ".join(_code(row.get("fields", ()))), ", ".join(seen), ", ".join(files))
    return "| " + " | ".join(cells) + " |"


def _code(names: list[str] | tuple[str, ...], before: str = "") -> list[str]:
    return [f"{before if at == 0 else ''}`{name}`" for at, name in enumerate(names)]


def _link(lever: str) -> str:
    path = lever_file(lever)
    assert path is not None, f"there is no lever {lever}"
    return f"../{path.relative_to(ROOT).as_posix()}"


if __name__ == "__main__":
    PAGE.write_text(render(entries()), encoding="utf-8")
