"""Captures and measurements -> pages: begins at docs/."""
