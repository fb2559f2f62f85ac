"""The dataset: rows, what they mean, what is learned of them, and the order in which they are read."""
