"""The descent: one loop, many methods, and a result that explains itself.

============== ==============================================================
`methods`      which way to go, and how a method's state evolves
`step_length`  how far to go
`schedules`    learning rates that change with the step
`walk`         methods and step lengths turned into a stream of rows
`loop`         the one loop that follows any walk
`stopping`     the stop rules, and the reasons a descent ends
`result`       what was found, with its `history`, `verdict` and explanation
============== ==============================================================
"""
