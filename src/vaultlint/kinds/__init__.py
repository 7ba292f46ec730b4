"""The code behind rules that are data: one module for each kind of pack entry."""
