"""Following plain NumPy code as a graph of operations."""
