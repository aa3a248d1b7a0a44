"""What people type: python -m gen NAME. No logic; a command imports what it alone needs."""
