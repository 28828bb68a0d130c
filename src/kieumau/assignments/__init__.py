"""Nhiệm vụ: directives, inspection visits, and what units are to do about them."""
