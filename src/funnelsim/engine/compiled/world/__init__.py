"""All that there is in a run, as structures of columns, and how it is kept: events, lines, slots, rows, books."""
