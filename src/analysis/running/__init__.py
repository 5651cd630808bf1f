"""Running: a notebook executed for a month, its outputs moved into place when whole."""
