"""Commands that begin with a firm's own records."""
