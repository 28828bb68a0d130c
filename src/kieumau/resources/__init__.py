"""Resources against norms: what a unit needs. What it has, and what is short, is for later."""
