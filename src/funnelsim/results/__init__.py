"""What records say: checks of conservation, KPIs with intervals, tables, the limit of the line, event logs."""
