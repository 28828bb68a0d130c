"""Benchmarks: each runnable alone (`python -m bench.pages`), each printing a table. Never tests."""
