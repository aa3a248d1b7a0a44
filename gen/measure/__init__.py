"""How precise is it? One file a measurement, each with `run(...) -> Measured`; arrays in."""
