"""Potok."""
