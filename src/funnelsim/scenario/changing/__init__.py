"""Changes laid over a scenario: what it extends, defaults, levers, phases, and tables that it names."""
