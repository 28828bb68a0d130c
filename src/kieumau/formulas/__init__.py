"""The formula language: one grammar, one tree, one meaning, two back ends that agree.

The way of a formula, and where each step lives:

    read(text, catalogue)                     expanding   parse, check, expand; Refused with every problem
    check_catalogue(catalogue)                expanding   every derived indicator, circles included
    operands(tree, window, calendar)          placing     which figures it needs
    evaluate(tree, window, calendar, values)  evaluate    one unit, exactly, with a Trace
    sentence(trace, catalogue, language)      sentences   the trace in words
    place(tree, window, calendar)             placing     the tree with its windows, for the next step
    add_columns(table, wanted, columns)       compile     all units at once, as an ibis expression

`compile` alone imports ibis. Rounding is half up, and half away from zero below it (−2.5 → −3).
"""
