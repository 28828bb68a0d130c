"""Data to try the product on: synthetic figures for Vietnam, the published file for London."""
