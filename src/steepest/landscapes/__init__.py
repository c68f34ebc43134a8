"""The shape of a function over a box: its critical points, curvature, slopes and basins."""
