"""Which factors matter: tornadoes and indices."""
