"""KPIs of groups of leads and customers: by segment, source, territory and rep."""
