"""Tags that only the pages of criteria sets need."""
