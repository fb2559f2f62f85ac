"""Bytes that equal content always has: JSON, safetensors, and files that appear whole."""
