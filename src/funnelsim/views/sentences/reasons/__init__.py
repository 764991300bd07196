"""Why lines differ, in words: what became of the same leads, and the parts of the causes."""
