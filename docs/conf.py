"""How Sphinx builds these pages: ``sphinx-build -W --keep-going docs build/site``."""

from __future__ import annotations

import shutil
from pathlib import Path

from sphinx.application import Sphinx

from funnelsim.version import VERSION

HERE = Path(__file__).resolve().parent
NOTEBOOKS = HERE / "notebooks"
"""Where notebooks lie while the pages are built: Sphinx reads nothing outside its folder."""

project = "funnelsim"
author = "The funnelsim authors"
copyright = "The funnelsim authors, MIT licence"
version = release = VERSION

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.intersphinx", "numpydoc"]
exclude_patterns = ["_build", "Thumbs.db", ".DS_Store"]
templates_path: list[str] = []

html_theme = "pydata_sphinx_theme"
html_title = "funnelsim"
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": True,
    "navbar_center": [],  # all pages stand on the left
    "secondary_sidebar_items": {"**": ["page-toc"], "reference/language": [], "reference/commands": []},
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_sidebars = {"**": ["globaltoc"]}
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_show_sourcelink = False

# Notebooks are executed once, by the tests; here they are only shown.
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

intersphinx_mapping: dict[str, tuple[str, None]] = {}  # pages are built without a network
autosummary_generate = False
numpydoc_show_class_members = False
numpydoc_xref_param_type = False
nitpicky = False


def _bring_notebooks(app: Sphinx, config: object) -> None:
    shutil.rmtree(NOTEBOOKS, ignore_errors=True)
    NOTEBOOKS.mkdir()
    for file in (HERE.parent / "notebooks").glob("*.ipynb"):
        shutil.copy(file, NOTEBOOKS)


def _lead_to_notebooks(app: Sphinx, page: str, source: list[str]) -> None:
    """Links that are right in the repository lead to the copies here."""
    source[0] = source[0].replace("(../notebooks/", "(notebooks/")
    if page.startswith("notebooks/"):
        source[0] = source[0].replace("(../docs/", "(../")


def setup(app: Sphinx) -> None:
    """Bring in what lies beside this folder."""
    app.connect("config-inited", _bring_notebooks)
    app.connect("source-read", _lead_to_notebooks)
