"""Rà soát: checks over the whole store, each with what it means and what to do."""
