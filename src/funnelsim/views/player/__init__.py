"""The player: one replication as a film in one HTML file, or two side by side on one clock."""
