"""What the study model draws when asked, and how often it does as asked."""
