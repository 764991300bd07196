"""Engines run a model and fill records; they decide when things happen, `model.rules` decides what."""
