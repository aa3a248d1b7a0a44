"""What a picture that the build draws is kept under: by all that decides its bytes."""

import PIL

from gen.core.canonical import canonical, digest


def key(format: int, *of: object) -> str:
    """Names a drawn picture: by how it is drawn, what it is drawn of, and who encodes it.

    `format` is the drawing module's own, raised when its pictures look different. Another Pillow
    brings other encoders, which write other bytes.
    """
    return digest(canonical([format, PIL.__version__, *of]))[:16]
