"""Scenes of cars, ray-traced: geometry, materials, light, captions."""
