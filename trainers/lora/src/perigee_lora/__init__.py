"""Fine-tuning on the Hugging Face stack, the same bits on every machine of a numeric class."""

__version__ = "0.1.0"
