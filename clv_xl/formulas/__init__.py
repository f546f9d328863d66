"""Closed-form business formulas: numbers or arrays in, the same shape out, nothing to fit."""
