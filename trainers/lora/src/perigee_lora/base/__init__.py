"""The base model: what is read of it, what is refused, and how an adapter is put on it."""
