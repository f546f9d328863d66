"""Decisions without files: orders and assumptions in, a frozen report out."""
