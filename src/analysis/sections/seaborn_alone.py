"""Seaborn, imported without SciPy: no chart of ours needs it, and it takes nine tenths of the time of the import."""

from analysis.quick_imports import hidden

with hidden("scipy"):
    import seaborn

barplot, heatmap = seaborn.barplot, seaborn.heatmap
