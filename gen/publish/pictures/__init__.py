"""Pictures made for pages, each kept in a cache."""
