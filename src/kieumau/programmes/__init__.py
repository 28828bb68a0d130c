"""Programmes: why units are assessed, by which sets, led by whom, planned, aimed at and paid for."""
