"""What a function is, as data: the graph of operations."""
