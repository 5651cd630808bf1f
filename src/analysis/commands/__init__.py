"""The commands of `toll`, one module each: they parse, call and print, and hold no analysis.

Heavy imports stand inside the functions, so that `toll --help` answers at once.
"""
