"""Pictures of results: each function takes a result and axes to draw on, and gives the axes back.

This is the only place that needs matplotlib, and it is imported when something is drawn. Nothing here changes
matplotlib's settings, chooses its backend or opens a window; without ``ax`` a new figure is made, which a
notebook shows.

Colours are told apart with any kind of colour vision, and whatever they say is also said by a line style, a
marker or a word. Names of teams are drawn as they are: a dollar sign starts no formula.

Examples
--------
>>> from pairing import MaxSizeRatio, MinDistance, load_audit, pair, plots
>>> from pairing.plots.canvas import blank_axes
>>> plan = pair(load_audit(), [MinDistance(50), MaxSizeRatio(2)])
>>> plots.pair_map(plan, ax=blank_axes()).get_legend().get_texts()[0].get_text()
'60 pairs'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
