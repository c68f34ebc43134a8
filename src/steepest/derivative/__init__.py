"""Derivatives: backpropagation from graph to graph, and numerical ones."""
