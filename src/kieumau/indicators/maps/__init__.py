"""Figures on three maps: as reported, on today's map, on the map of any date; and how far they compare.

`queries` reads (one unit, a series, a year ago, all units), `rules` says what a figure on a map is and which
mark it carries, `previewing` says what an act would do. Nothing here writes a figure.
"""
