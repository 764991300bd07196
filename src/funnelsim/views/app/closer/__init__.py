"""A closer look: teams, groups, the same leads, causes and targets of what is moved on the page."""
