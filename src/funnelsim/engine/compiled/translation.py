"""Writes the translation that is shipped: ``python -m funnelsim.engine.compiled.translation``.

To be called after each change of what the loop is made of; a test says when.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .compiling import translated
from .machine import shipped
from .machine.origins import origins


def main(folder: Path) -> None:
    """Translate the event loop, and write the text, and what it was made of, into a folder."""
    shipped.write(folder, translated(), origins([translated.__module__]))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else shipped.FOLDER)
