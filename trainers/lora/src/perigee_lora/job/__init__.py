"""The job as the container finds it."""
