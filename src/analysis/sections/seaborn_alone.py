"""Seaborn, imported without SciPy: no chart of ours needs it, and it is nine tenths of the time that the import takes.

Where SciPy is imported already it costs nothing more, and is left as it is.
"""

import sys

_HIDDEN = "scipy" not in sys.modules
if _HIDDEN:
    sys.modules["scipy"] = None  # type: ignore[assignment]
try:
    import seaborn
finally:
    if _HIDDEN:
        del sys.modules["scipy"]

barplot, heatmap = seaborn.barplot, seaborn.heatmap
