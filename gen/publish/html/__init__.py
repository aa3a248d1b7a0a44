"""Whole pages of HTML: links, policy, names for screen readers."""
