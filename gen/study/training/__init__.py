"""Renders -> weights."""
