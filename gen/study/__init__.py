"""The study model: a small Stable Diffusion that learns cars of which everything is known."""
