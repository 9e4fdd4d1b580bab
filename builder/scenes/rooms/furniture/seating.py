"""Things to sit and lie on: chairs, armchairs, sofas, stools, benches, beds, cushions."""

import numpy as np

from builder.scenes.rooms.boxes import SOFT, Edge, box
from builder.scenes.rooms.look import BLACK, Look, plastic
from builder.scenes.rooms.piece import Finish, Part, Piece, Top, mirrored, parts_of
from builder.scenes.rooms.shapes import Shape, cylinder, lathe, outline, stack, tube

PAD = Edge(0.03, 2, 0.008, 0.10)
_CUSHION = Edge(0.055, 3, 0.045, 0.06)


def chair(look: Look, rng: np.random.Generator) -> Piece:
    """A dining chair: ladder back, upholstered, or a bent shell."""
    style = (_ladder_chair, _padded_chair, _shell_chair)[int(rng.integers(3))]
    return style(look, rng)


def _ladder_chair(look: Look, rng: np.random.Generator) -> Piece:
    wood = look.wood if rng.random() < 0.5 else look.second_wood
    high = float(rng.uniform(0.86, 0.98))
    shapes = [box((0.43, 0.42, 0.035), (0, 0, 0.452), Edge(0.012, 2))]
    shapes += mirrored(lambda s: box((0.034, 0.034, 0.435), (s * 0.185, 0.18, 0.2175)))
    shapes += mirrored(lambda s: box((0.034, 0.034, high), (s * 0.185, -0.19, high / 2)))
    shapes += mirrored(lambda s: box((0.02, 0.34, 0.04), (s * 0.185, 0, 0.40)))
    shapes += [box((0.34, 0.02, 0.05), (0, 0.18, 0.405)), box((0.34, 0.02, 0.05), (0, -0.19, 0.30))]
    rungs = int(rng.integers(2, 5))
    for height in np.linspace(0.60, high - 0.05, rungs):
        shapes.append(box((0.35, 0.016, 0.07), (0, -0.185, height)).bowed(-0.02, 0.175))
    return Piece("chair", tuple(parts_of(wood, shapes)))


def _padded_chair(look: Look, rng: np.random.Generator) -> Piece:
    fabric = look.fabric(look.fabrics[int(rng.integers(2))])
    high = float(rng.uniform(0.84, 0.94))
    back = box((0.44, 0.07, high - 0.47), (0, 0, (high + 0.47) / 2 - 0.47), PAD)
    back = back.bowed(-0.03, 0.22).turned(7, "x").moved(0, -0.175, 0.46)
    seat = box((0.46, 0.44, 0.075), (0, 0.01, 0.435), PAD)
    legs = [_splayed_leg(x, y, 0.40, 0.17, 0.16) for x in (-1, 1) for y in (-1, 1)]
    parts = [*parts_of(fabric, [seat, back], 0.004), *parts_of(look.second_wood, legs)]
    return Piece("chair", tuple(parts))


def _shell_chair(look: Look, rng: np.random.Generator) -> Piece:
    color = (0.93, 0.92, 0.89) if rng.random() < 0.4 else look.accent(rng)
    edge = Edge(0.009, 2, step_m=0.06)
    seat = box((0.45, 0.42, 0.02), (0, 0.02, 0.455), edge)
    seat = seat.turned(90, "x", (0, 0, 0.455)).bowed(-0.02, 0.225).turned(-90, "x", (0, 0, 0.455))
    back = box((0.43, 0.02, 0.40), (0, 0, 0.20), edge).bowed(-0.045, 0.215).turned(10, "x")
    back = back.moved(0, -0.155, 0.45)
    legs = [_splayed_leg(x, y, 0.44, 0.15, 0.14) for x in (-1, 1) for y in (-1, 1)]
    legs.append(box((0.34, 0.30, 0.02), (0, 0.02, 0.432)))
    parts = [*parts_of(plastic(color), [seat, back]), *parts_of(look.wood, legs)]
    return Piece("chair", tuple(parts))


def _splayed_leg(x: float, y: float, high: float, in_x: float, in_y: float) -> Shape:
    foot, head = np.array([x * (in_x + 0.04), y * (in_y + 0.04), 0]), (x * in_x, y * in_y, high)
    leg = lathe([(0, 0), (0.012, 0), (0.019, high), (0, high)], 10)
    shift = (np.array(head) - foot) / high
    vertices = leg.vertices_m + leg.vertices_m[:, 2:] * np.array([shift[0], shift[1], 0]) + foot
    return Shape(vertices, leg.normals, leg.uv, leg.faces)


def sofa(look: Look, rng: np.random.Generator) -> Piece:
    """A sofa for two or three."""
    seats = int(rng.integers(2, 4))
    width = seats * float(rng.uniform(0.60, 0.68)) + 0.40
    return _upholstered("sofa", look, rng, (width, seats))


def armchair(look: Look, rng: np.random.Generator) -> Piece:
    """One seat with arms."""
    return _upholstered("armchair", look, rng, (float(rng.uniform(0.82, 0.92)), 1))


def _upholstered(
    label: str, look: Look, rng: np.random.Generator, plan: tuple[float, int]
) -> Piece:
    width, seats = plan
    which = 0 if label == "sofa" else int(rng.integers(2))
    fabric = look.fabric(look.fabrics[which])
    arm, deep, high = (
        float(rng.uniform(*span)) for span in ((0.13, 0.19), (0.84, 0.92), (0.72, 0.84))
    )
    inner = width - 2 * arm
    seat_y, back_y = deep / 2 - 0.02, -deep / 2
    firm = Edge(0.035, 3, step_m=0.12)
    bodies = [
        box((inner, deep - 0.06, 0.16), (0, -0.02, 0.20), firm),
        box(
            (inner, 0.16, high - 0.14),
            (0, back_y + 0.08, (high + 0.14) / 2),
            Edge(0.05, 3, step_m=0.12),
        ),
        *mirrored(
            lambda s: box(
                (arm, deep, 0.50),
                (s * (width - arm) / 2, 0, 0.12 + 0.25),
                Edge(0.05, 3, step_m=0.12),
            )
        ),
    ]
    each = inner / seats
    for seat in range(seats):
        x = -inner / 2 + each * (seat + 0.5)
        size = (each - 0.006, seat_y - back_y - 0.16, 0.15)
        bodies.append(box(size, (x, (seat_y + back_y + 0.16) / 2, 0.355), SOFT))
        pad = box((each - 0.01, 0.15, high - 0.40), (x, back_y + 0.235, high / 2 + 0.215), SOFT)
        bodies.append(pad)
    legs = [
        lathe([(0, 0), (0.016, 0), (0.024, 0.13), (0, 0.13)], 10).moved(
            x * (width / 2 - 0.09), y * (deep / 2 - 0.09)
        )
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    seat_top = Top((-inner / 2, back_y + 0.31), (inner / 2, seat_y), 0.438)
    parts = [*parts_of(fabric, bodies, 0.012), *parts_of(look.second_wood, legs)]
    return Piece(label, tuple(parts), (seat_top,))


def cushion(look: Look, rng: np.random.Generator) -> Piece:
    """A square cushion that leans back on its lower edge."""
    side = float(rng.uniform(0.38, 0.46))
    finish = Finish(
        ("weave", "velvet", "coarse_weave")[int(rng.integers(3))], 0, look.accent(rng), 0.0
    )
    shape = box((side, 0.10, side), (0, 0, side / 2), _CUSHION).turned(
        float(rng.uniform(14, 22)), "x"
    )
    bounds = shape.bounds_m()
    shape = shape.moved(0, -float(bounds[1] + bounds[4]) / 2, -float(bounds[2]) - 0.008)
    return Piece("cushion", (Part(shape, finish, 0.03),))


def pillow(look: Look, rng: np.random.Generator) -> Piece:
    """A bed pillow, lying."""
    del rng
    shape = box((0.62, 0.40, 0.09), (0, 0, 0.062), Edge(0.045, 3, 0.03, 0.06))
    return Piece("pillow", (Part(shape, Finish("weave", 1, (0.93, 0.92, 0.90), 0.0), 0.02),))


def stool(look: Look, rng: np.random.Generator) -> Piece:
    """A round stool on three or four legs."""
    radius, high = float(rng.uniform(0.16, 0.20)), float(rng.uniform(0.43, 0.50))
    count = int(rng.integers(3, 5))
    seat = lathe(
        [
            (0, high - 0.04),
            (radius - 0.02, high - 0.04),
            (radius, high - 0.03),
            (radius, high - 0.01),
            (radius - 0.012, high),
            (0, high),
        ],
        28,
    )
    legs = []
    for angle in np.linspace(0, 2 * np.pi, count, endpoint=False) + 0.4:
        foot, head = radius * 0.98, radius * 0.62
        ends = [(foot * np.cos(angle), foot * np.sin(angle), 0.006)]
        ends += [(head * np.cos(angle), head * np.sin(angle), high - 0.03)]
        legs.append(tube(ends, 0.014))
    wood = look.wood if rng.random() < 0.6 else plastic(look.accent(rng))
    parts = [*parts_of(wood, [seat]), *parts_of(look.second_wood, _grounded(legs))]
    return Piece("stool", tuple(parts), (Top((-0.10, -0.10), (0.10, 0.10), high),))


def bench(look: Look, rng: np.random.Generator) -> Piece:
    """A plain bench."""
    width, deep, high = float(rng.uniform(1.0, 1.4)), float(rng.uniform(0.32, 0.38)), 0.45
    shapes = [box((width, deep, 0.04), (0, 0, high - 0.02), Edge(0.008))]
    shapes += mirrored(
        lambda s: box(
            (0.04, deep - 0.06, high - 0.04), (s * (width / 2 - 0.12), 0, (high - 0.04) / 2)
        )
    )
    shapes.append(box((width - 0.28, 0.03, 0.07), (0, 0, high - 0.09)))
    top = Top((-width / 2 + 0.02, -deep / 2 + 0.02), (width / 2 - 0.02, deep / 2 - 0.02), high)
    return Piece("bench", tuple(parts_of(look.wood, shapes)), (top,))


def office_chair(look: Look, rng: np.random.Generator) -> Piece:
    """A swivel chair on five casters."""
    fabric = Finish("weave", 0, BLACK if rng.random() < 0.5 else look.fabrics[1], 0.0)
    dark = plastic((0.16, 0.16, 0.17))
    star = []
    for angle in np.linspace(0, 2 * np.pi, 5, endpoint=False) + 0.3:
        direction = np.array([np.cos(angle), np.sin(angle), 0.0])
        star.append(
            tube([direction * 0.03 + (0, 0, 0.10), direction * 0.28 + (0, 0, 0.075)], 0.017)
        )
        wheel = lathe([(0, -0.02), (0.028, -0.02), (0.028, 0.02), (0, 0.02)], 12).turned(90, "x")
        star.append(
            wheel.turned(float(np.degrees(angle))).moved(*(direction * 0.28 + (0, 0, 0.028)))
        )
    star.append(cylinder(0.026, 0.08, 0.42, 14))
    star.append(
        tube([(0, -0.10, 0.425), (0, -0.25, 0.44), (0, -0.28, 0.52), (0, -0.275, 0.72)], 0.018)
    )
    pads = [
        box((0.48, 0.46, 0.08), (0, 0, 0.46), PAD),
        box((0.44, 0.07, 0.46), (0, 0, 0.23), PAD)
        .bowed(-0.03, 0.22)
        .turned(6, "x")
        .moved(0, -0.20, 0.56),
    ]
    parts = [*parts_of(dark, star), *parts_of(fabric, pads, 0.004)]
    return Piece("office chair", tuple(parts))


def bed(look: Look, rng: np.random.Generator) -> Piece:
    """A bed for two, its head at the back."""
    return _bed(look, rng, float(rng.uniform(1.45, 1.70)))


def single_bed(look: Look, rng: np.random.Generator) -> Piece:
    """A bed for one."""
    return _bed(look, rng, float(rng.uniform(0.90, 1.02)))


def _bed(look: Look, rng: np.random.Generator, width: float) -> Piece:
    long, head = 2.05, float(rng.uniform(0.85, 1.15))
    frame = look.wood if rng.random() < 0.6 else look.fabric(look.fabrics[1])
    duvet = Finish("weave", 1, look.fabrics[0] if rng.random() < 0.4 else (0.90, 0.89, 0.86), 0.0)
    throw = Finish("coarse_weave", 0, look.accent(rng), 0.0)
    wood = [
        box((width + 0.06, 0.06, head), (0, -long / 2 + 0.03, head / 2), Edge(0.015, 2)),
        box((width + 0.04, long - 0.08, 0.18), (0, 0.03, 0.22), Edge(0.012, 2)),
    ]
    wood += [
        box((0.06, 0.06, 0.14), (x * (width / 2 - 0.06), y, 0.07))
        for x in (-1, 1)
        for y in (-long / 2 + 0.25, long / 2 - 0.12)
    ]
    mattress = box((width, long - 0.10, 0.20), (0, 0.03, 0.40), Edge(0.05, 3, step_m=0.12))
    cover = box(
        (width + 0.09, long * 0.62, 0.20), (0, long * 0.19 + 0.01, 0.45), Edge(0.05, 3, 0.012, 0.08)
    )
    fold = box(
        (width + 0.07, 0.24, 0.07), (0, -long * 0.12 + 0.01, 0.545), Edge(0.034, 3, 0.006, 0.08)
    )
    blanket = box(
        (width + 0.12, 0.50, 0.22), (0, long / 2 - 0.42, 0.456), Edge(0.05, 3, 0.008, 0.08)
    )
    sheet = Finish("weave", 1, (0.94, 0.93, 0.91), 0.0)
    parts = [
        *parts_of(frame, wood),
        Part(mattress, sheet, 0.01),
        Part(cover, duvet, 0.012),
        Part(fold, sheet, 0.012),
        Part(blanket, throw, 0.012),
    ]
    head_end = Top((-width / 2, -long / 2 + 0.08), (width / 2, -long * 0.12 - 0.13), 0.492)
    foot_end = Top((-width / 2 + 0.1, 0.0), (width / 2 - 0.1, long * 0.24), 0.556)
    return Piece("bed", tuple(parts), (head_end, foot_end))


def pouf(look: Look, rng: np.random.Generator) -> Piece:
    """A round upholstered footstool."""
    radius, high = float(rng.uniform(0.24, 0.30)), float(rng.uniform(0.34, 0.42))
    rings = [
        (outline(2 * r * radius, 2 * r * radius, 2.0, 36), z * high)
        for r, z in (
            (0.86, 0.0),
            (0.97, 0.08),
            (1.0, 0.25),
            (1.0, 0.75),
            (0.97, 0.92),
            (0.86, 0.99),
            (0.5, 1.0),
        )
    ]
    finish = Finish("coarse_weave", 0, look.accent(rng), 0.0)
    return Piece("footstool", (Part(stack(rings, (6, 2)), finish, 0.004),))


def _grounded(legs: list[Shape]) -> list[Shape]:
    """Cut the slanted ends of legs level with the floor."""
    out = []
    for leg in legs:
        vertices = leg.vertices_m.copy()
        vertices[:, 2] = np.maximum(vertices[:, 2], 0.0)
        out.append(Shape(vertices, leg.normals, leg.uv, leg.faces))
    return out
