"""Pictures whose measurement is known, and judges who answer what they are told to."""

from types import SimpleNamespace

import numpy as np

from gen.study.judging.readings import Accuracy, Classes, Readings, WorldReading

FINISHES = ("mirror", "brushed", "glossy", "satin", "matte")
WORLDS = ("studio", "sunset", "desert")
KNOWN = Classes(FINISHES, ("red", "blue"), WORLDS, ("side view",))


def box(n: int = 1, height: int = 32, width: int = 48) -> np.ndarray:
    """Bodywork (N, H, W): a block in the middle."""
    masks = np.zeros((n, height, width), np.uint8)
    masks[:, height // 4 : -height // 4, width // 4 : -width // 4] = 255
    return masks


def noise(n: int, height: int = 32, width: int = 48, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (n, height, width, 3), dtype=np.uint8)


def accuracies(value: float, *names: str) -> tuple[Accuracy, ...]:
    """On all renders and on those of each finish."""
    groups = ("all", *FINISHES)
    return tuple(Accuracy(n, of, "share", value, value, value, 200) for n in names for of in groups)


def samples(count: int, finish="mirror", named=True, world=lambda i: WORLDS[i % 3]) -> list:
    """What a measurement needs of a sample."""
    return [
        SimpleNamespace(
            prompt=f"a {finish} car, {world(i)}",
            named=frozenset({"world"} if named else ()),
            scene=SimpleNamespace(
                material=SimpleNamespace(finish=finish),
                world=SimpleNamespace(
                    name=world(i), sun_azimuth=None if world(i) == "studio" else 0.0
                ),
                camera=SimpleNamespace(fov=30.0),
            ),
        )
        for i in range(count)
    ]


class Told:
    """Judges that say of each picture what they were given for it, by place."""

    known = KNOWN

    def __init__(self, accuracies=(), finish=None, world=None, parts=None, features=None):
        self.accuracies = accuracies
        self.finish, self.world, self.parts, self.features = finish, world, parts, features

    def read(self, pictures: np.ndarray) -> Readings:
        n = len(pictures)
        finish = np.array(self.finish or ["mirror"] * n)
        likely = (finish[:, None] == np.array(FINISHES)).astype(np.float32)
        features = pictures.reshape(n, -1).astype(np.float32)
        zeros, names = np.zeros(n, np.float32), np.array(["studio"] * n)
        return Readings(
            world=names,
            probabilities={
                "finish": likely,
                "colour": np.tile(np.float32([1, 0]), (n, 1)),
                "world": np.tile(np.float32([1, 0, 0]), (n, 1)),
                "view": np.ones((n, 1), np.float32),
            },
            sun=zeros,
            horizon=zeros,
            features=features,
            mask=box(n, *pictures.shape[1:3]),
            finish=finish,
            colour=names,
            view=names,
        )

    def read_world(self, pictures: np.ndarray, masks: np.ndarray, of: str) -> WorldReading:
        world, sun, horizon = self.parts[of]
        return WorldReading(np.array(world), {}, np.array(sun), np.array(horizon), np.zeros((1, 1)))


def rows(measured) -> dict:
    return {row.name: row for row in measured.rows}
