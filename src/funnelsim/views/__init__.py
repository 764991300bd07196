"""Pictures of results. Nothing here computes a KPI; it shows what `results` has computed."""
