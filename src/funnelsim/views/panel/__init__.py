"""The what-if panel: one ES module that the page, notebooks and reports show, and what it is told."""
