"""The pages of acts that change units: the list, one act, the form with its preview, undoing.

Here and not in `units`, because what an act would do is shown in figures.
"""
