"""Plausibility checks: conditions that the figures of one unit and one period must meet to be believed.

They are formulas like all others (`relative` places one for any period at once, `sound` holds it ready),
run for everything that a write touches (`touching`) by one query (`together`) or for one unit with a
sentence (`alone`). Unknown never fails a check: what is missing is somebody else's question.
"""
