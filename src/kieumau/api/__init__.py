"""The read API: JSON for programs, described by OpenAPI, opened by tokens."""
