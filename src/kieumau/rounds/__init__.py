"""Rounds: units assess themselves with evidence, others verify, the ministry appraises."""
