"""A dashboard is computed anew in its place; what its user made of it stays."""
