"""Running models: replications until a precision is reached, in one process or in many."""
