"""From the firm's own records to a scenario that was tested on the past.

`reading` turns exports into a `History`, `estimating` turns its columns into numbers with intervals, `fitting`
writes the scenario, and `testing` holds it against what came afterwards.
"""
