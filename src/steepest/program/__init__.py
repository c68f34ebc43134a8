"""Source from graphs, and programs from source."""
