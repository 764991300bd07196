"""Pictures of why lines differ: what became of the same leads, and the parts of the causes."""
