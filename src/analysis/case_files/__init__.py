"""Case files: one a record, handed to others for a purpose that the family has agreed to (METHOD M19)."""
