"""Figures of potok-onec on real configurations and on generated ones of growing size."""
