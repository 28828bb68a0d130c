"""Nhật ký: who did what, for which unit, why; only added to, chained, and never pruned."""
