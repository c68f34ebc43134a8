"""Fits whose rows are read piece by piece: from files, from memory, or on a cluster."""
