"""Danh hiệu: titles recognized by decision, renewed, withdrawn, and the public register of them."""
