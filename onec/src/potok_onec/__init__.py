"""Reads real 1C:Enterprise configurations. Imports nothing of Potok."""
