"""The study model before it has learned anything."""
