"""Random valid scenarios over the whole language, and the laws that each of them must keep.

From a shell (``PYTHONPATH=src:tests``), ``python -m random_scenarios 0 500`` runs the scenarios of seeds 0 to 499
and prints the smallest scenario for each way in which one fails.
"""
