"""Checkpoints: what a run is made of, kept in a file, so that it goes on as if never stopped.

A run is a sequence of descents. Of each its rows are kept, and of the last one everything that its
next step depends on. A run that goes on makes the same descents again; those that are in the file
only show their rows once more.
"""
