"""Rules that are code: one module each, whose function `check` is the rule."""
