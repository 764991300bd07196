"""The version of the program, in a module of its own so that every room may know it."""

VERSION = "0.1.0"
