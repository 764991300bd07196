"""The player: tapes are true, pages work in a browser."""
