"""Commands that say why: what became of the same leads, and how one of them lived."""
