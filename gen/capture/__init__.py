"""A prompt through a pipeline, and what is kept of it: ends at docs/captures/."""
