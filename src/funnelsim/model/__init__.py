"""The compiled form of a scenario: tables, calendars, keyed draws, and the rules that decide."""
