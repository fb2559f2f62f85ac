"""What a job will need, from its configuration alone."""
