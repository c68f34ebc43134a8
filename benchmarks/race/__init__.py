"""Every job by every contender, each in a process of its own, and one table of it all."""
