"""The job's result, derived from the spec, the inputs and one checkpoint alone, so that anyone can derive it again."""
