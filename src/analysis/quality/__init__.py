"""Quality: the expectations, what they look at, the gate, and the proof that it bites."""
