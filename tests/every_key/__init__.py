"""Every key of the language, in every place where it is accepted, acts or is refused."""
