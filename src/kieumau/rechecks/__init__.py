"""Kiểm tra xác suất: a seeded sample of what was verified is checked again, by somebody else."""
