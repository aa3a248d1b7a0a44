"""A version of the site for its host: what must hold, its branch, the one way there."""
