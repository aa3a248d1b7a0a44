"""Here so that tests of the kit, too, find known.py beside it."""
