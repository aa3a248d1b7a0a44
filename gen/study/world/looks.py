"""How surfaces scatter light, in Mitsuba's terms: bodywork, and all that is fitted to it."""

from collections.abc import Iterable, Sequence

from gen.study.recipe.render import Linear
from gen.study.world.scene import Material

Colour = Sequence[float]  # linear sRGB


def rgb(colour: Iterable[float]) -> dict:
    """A colour in Mitsuba's terms."""
    return {"type": "rgb", "value": [float(c) for c in colour]}


def diffuse(colour: Colour) -> dict:
    """Matte."""
    return {"type": "diffuse", "reflectance": rgb(colour)}


def coated(colour: Colour, ior: float = 1.5) -> dict:
    """Matte under a smooth clear coat."""
    return {"type": "plastic", "diffuse_reflectance": rgb(colour), "int_ior": ior}


def rough(colour: Colour, alpha: float) -> dict:
    """Matte under a rough clear coat."""
    return {"type": "roughplastic", "diffuse_reflectance": rgb(colour), "alpha": alpha}


FITTINGS = {
    # two faces of real glass reflect 8%; so does this
    "glass": coated((0.010, 0.012, 0.014), 1.75),
    "trim": diffuse((0.012, 0.012, 0.013)),
    "tyre": rough((0.022, 0.022, 0.023), 0.35),  # rubber shines a little
    "rim": {"type": "roughconductor", "material": "Al", "alpha": 0.12},
    "headlamp": coated((0.80, 0.84, 0.88)),
    "taillamp": coated((0.34, 0.006, 0.006)),
    "plate": rough((0.74, 0.74, 0.70), 0.2),
    "lens": coated((0.030, 0.032, 0.035)),  # a lamp's dark housing, under its clear cover
    "reflector": {"type": "roughconductor", "material": "Ag", "alpha": 0.08},
    "lit": coated((0.90, 0.045, 0.025)),
    "brake": {"type": "roughconductor", "material": "Cr", "alpha": 0.3},
    "mirror": {"type": "conductor", "material": "Ag"},
}

CONDUCTORS = {  # Mitsuba's measured indices; chromium itself is darker than what people call chrome
    "chrome": ("Ag", (0.90, 0.92, 0.94)),
    "gold": ("Au", (1, 1, 1)),
    "copper": ("Cu", (1, 1, 1)),
    "steel": ("Cr", (1, 1, 1)),
}


def surface(material: Material, paints: dict[str, Linear]) -> dict:
    """The bodywork's scattering, in Mitsuba's terms."""
    if material.colour in CONDUCTORS:
        metal, tint = CONDUCTORS[material.colour]
        base = {"material": metal, "specular_reflectance": rgb(tint)}
        if material.finish == "mirror":
            return {"type": "conductor", **base}
        grain = {"alpha_u": 0.25 * material.roughness, "alpha_v": material.roughness}
        return {"type": "roughconductor", **base, **grain}  # brushed along the car
    paint = paints[material.colour]
    if material.finish == "glossy":
        return coated(paint, 1.6)
    if material.finish == "satin":
        return rough(paint, material.roughness)
    return diffuse(paint)


def reflectance(look: dict) -> list[float]:
    """The diffuse colour of a fitting; a metal's is white."""
    colour = look.get("reflectance") or look.get("diffuse_reflectance")
    return colour["value"] if colour else [1.0, 1.0, 1.0]
