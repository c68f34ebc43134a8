"""How far to go along a direction: one file per rule."""
