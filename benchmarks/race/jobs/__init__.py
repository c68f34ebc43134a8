"""The jobs: one module each, with its `JOB`."""
