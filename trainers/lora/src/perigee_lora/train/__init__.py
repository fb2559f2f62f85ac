"""Optimiser steps, evaluations, checkpoints, and the run that strings them together."""
