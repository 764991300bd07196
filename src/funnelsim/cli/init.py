"""``funnelsim init``."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

from funnelsim import disk
from funnelsim.errors import FunnelsimError
from funnelsim.scenario.reading import library, whole
from funnelsim.views.words import say, speaking

from . import streams

SCENARIO = "scenario.yaml"
NOTEBOOK = "first_steps.ipynb"

DEFAULT = "mid_market"
"""A template with the effects of real life on; without them waiting costs nothing, and little differs."""

JAPANESE = "japan"

_HEAD = """\
# Your company, begun from the shipped template `{template}`. Put your own numbers in, from top to bottom.
#
# Letters in [square brackets] are sources, which docs/sources.md lists with how far to trust them; D is derived
# from other numbers, M a practitioner's estimate.

"""


def init(folder: Path, template: str | None, japanese: bool) -> None:
    """Put a scenario and a notebook into a folder, which is made if it is not there.

    Raises
    ------
    FunnelsimError
        If there is no such template, or a file of that name is there already.
    """
    if japanese and template not in (None, JAPANESE):
        raise FunnelsimError(
            f"--ja: the Japanese template is {JAPANESE}; leave out --template, or --ja", code="E-option-conflict"
        )
    contents = {
        SCENARIO: _scenario(template or (JAPANESE if japanese else DEFAULT)),
        NOTEBOOK: files(__package__).joinpath("starter_ja.ipynb" if japanese else "starter.ipynb").read_bytes(),
    }
    if folder.exists() and not folder.is_dir():
        raise FunnelsimError(f"{folder}: this is a file, not a folder", code="E-output-place")
    there = [str(folder / name) for name in contents if os.path.lexists(folder / name)]
    if there:
        raise FunnelsimError(f"{' and '.join(there)}: there already; nothing was written", code="E-output-taken")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        with disk.written(folder / name) as part:
            part.write_bytes(content)
    console = streams.results()
    with speaking("ja" if japanese else None):  # who asks for Japanese files reads Japanese
        for name in contents:
            console.print(say("init.wrote", file=folder / name), soft_wrap=True)
        command = f"funnelsim run {folder / SCENARIO}"
        console.print("\n" + say("init.next", command=command), soft_wrap=True)


def _scenario(template: str) -> bytes:
    """A template as a file of one's own, which depends on no other."""
    path = library.template(template)
    text = whole.whole(path)
    own = path.read_bytes()
    return own if text.encode() == own else (_HEAD.format(template=template) + text).encode()
