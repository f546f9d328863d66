"""Fitted models of purchases, dropout and spend, one a module, named as the literature names it."""
