"""Mutations: scenarios, studies and command lines broken at random.

Each is either refused with a sentence and exit code 2, or it acts. From a shell (``PYTHONPATH=src:tests``),
``python -m mutations 0 10000`` makes the mutations of these numbers, prints how many ended in which way, and lists
those that must not be (a traceback, a command that does not end) and those that are silent: taken without a
warning, and without any effect.
"""
