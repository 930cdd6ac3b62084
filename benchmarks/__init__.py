"""Measurements, as ratios within one run wherever time is concerned: `make bench`."""
