"""What the editor of rules asks while somebody types: which words there are, and what is wrong."""
