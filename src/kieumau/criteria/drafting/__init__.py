"""Writing criteria sets as text: templates, edits that leave everything else byte for byte as it was."""
