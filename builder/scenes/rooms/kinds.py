"""The kinds of rooms, as data: how big, what floor, and what is wished for, in order of placing."""

from dataclasses import dataclass
from typing import Literal

Rule = Literal[
    "main", "wall", "corner", "loose", "center", "before", "opposite", "beside", "around",
    "seat", "flank", "on", "above", "hang", "ceiling", "run", "over run",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a room should have, where there is a place for it.

    Attributes:
        rule: How a place is found; see `rules`.
        pieces: Names of makers; one is drawn for each.
        count: Least and most; fewer are placed where there is no room.
        to: Tag of what it goes with.
        tag: What it is called later; the name of its first piece by default.
        alike: All of them are one design.
        needed: A room without it is drawn again.
    """

    rule: Rule
    pieces: tuple[str, ...]
    count: tuple[int, int] = (1, 1)
    to: str = ""
    tag: str = ""
    alike: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of room.

    Attributes:
        name: As in its prompt.
        width_m: Least and largest.
        depth_m: Least and largest.
        sill_m: Height of its window sills.
        floors: Textures that suit it.
        tiles: Textures for the lower walls; empty: plaster down to the floor.
        drapes: Share of its windows with curtains; others may have a blind.
        wishes: What stands in it.
    """

    name: str
    width_m: tuple[float, float]
    depth_m: tuple[float, float]
    sill_m: float
    floors: tuple[str, ...]
    tiles: tuple[str, ...]
    drapes: float
    wishes: tuple[Wish, ...]


_WOODEN = ("planks", "pale_planks", "herringbone")
_SHELF_THINGS = (
    "books",
    "books",
    "books",
    "few_books",
    "storage_box",
    "vase",
    "small_plant",
    "candle",
    "bowl",
)
_TABLE_THINGS = ("book", "mug", "bowl", "candle", "vase", "small_plant", "fruit_bowl")

LIVING_ROOM = Kind(
    "living room", (4.6, 6.0), (4.2, 5.2), 0.80, _WOODEN, (), 0.75,
    (
        Wish("main", ("sofa",), needed=True),
        Wish("before", ("rug",), to="sofa"),
        Wish("before", ("coffee_table",), to="sofa", needed=True),
        Wish("opposite", ("tv_stand",), to="sofa"),
        Wish("on", ("tv",), to="tv_stand"),
        Wish("flank", ("armchair",), (1, 2), to="coffee_table", alike=True),
        Wish("beside", ("floor_lamp", "side_table", "plant"), (1, 2), to="sofa", tag="sofa side"),
        Wish("wall", ("bookshelf",), (1, 2), alike=True),
        Wish("wall", ("cabinet", "low_bookshelf"), (0, 1), tag="cabinet"),
        Wish("corner", ("plant",), (1, 2)),
        Wish("on", ("table_lamp",), to="side_table"),
        Wish("on", ("table_lamp",), (0, 1), to="cabinet"),
        Wish("on", ("cushion",), (2, 4), to="sofa"),
        Wish("on", ("cushion",), (0, 2), to="armchair"),
        Wish("on", _TABLE_THINGS, (2, 4), to="coffee_table"),
        Wish("on", _SHELF_THINGS, (5, 9), to="bookshelf"),
        Wish("on", ("vase", "small_plant", "books", "candle"), (1, 3), to="cabinet"),
        Wish("on", ("small_plant",), (0, 2), to="window"),
        Wish("above", ("picture",), (1, 1), to="sofa"),
        Wish("hang", ("picture", "picture", "small_picture"), (3, 4)),
        Wish("hang", ("clock",), (0, 1)),
        Wish("loose", ("pouf", "basket", "backpack", "ball", "cardboard_box"), (1, 3)),
        Wish("ceiling", ("ceiling_lamp", "globe_lamp"), needed=True),
    ),
)  # fmt: skip

BEDROOM = Kind(
    "bedroom",
    (4.1, 5.3),
    (3.8, 4.7), 0.85, (*_WOODEN, "carpet"), (), 0.85,
    (
        Wish("main", ("bed",), needed=True),
        Wish("beside", ("nightstand",), (1, 2), to="bed", alike=True),
        Wish("wall", ("wardrobe",), (1, 2), alike=True, needed=True),
        Wish("wall", ("dresser",), (1, 1)),
        Wish("before", ("bench",), (0, 1), to="bed"),
        Wish("wall", ("low_bookshelf", "desk", "cabinet"), (0, 1), tag="bedroom board"),
        Wish("wall", ("armchair", "chair"), (0, 1), tag="bedroom seat"),
        Wish("corner", ("plant", "floor_lamp", "coat_stand"), (1, 2)),
        Wish("on", ("pillow",), (2, 2), to="bed", alike=True),
        Wish("on", ("cushion",), (1, 2), to="bed"),
        Wish("on", ("table_lamp",), (2, 2), to="nightstand", alike=True),
        Wish("on", ("book", "mug"), (1, 2), to="nightstand"),
        Wish("on", ("vase", "storage_box", "small_plant", "candle", "book", "table_lamp"), (2,
             4), to="dresser"),
        Wish("on", ("book", "storage_box", "bowl"), (0, 2), to="bench"),
        Wish("on", ("books", "vase", "table_lamp", "book", "mug"), (2, 4), to="bedroom board"),
        Wish("on", ("cushion",), (0, 1), to="bedroom seat"),
        Wish("above", ("picture",), to="bed"),
        Wish("above", ("mirror", "picture"), to="dresser"),
        Wish("hang", ("wall_shelf",), (0, 1)),
        Wish("on", ("books", "few_books", "vase", "candle"), (2, 3), to="wall_shelf"),
        Wish("hang", ("small_picture", "picture"), (2, 4)),
        Wish("hang", ("clock",), (0, 1)),
        Wish("on", ("small_plant",), (0, 1), to="window"),
        Wish("loose", ("suitcase", "basket", "cardboard_box", "cardboard_box", "pouf",
             "backpack"), (2, 4)),
        Wish("ceiling", ("ceiling_lamp", "globe_lamp"), needed=True),
    ),
)  # fmt: skip

KITCHEN = Kind(
    "kitchen", (4.2, 5.6), (3.9, 4.8), 1.10,
    ("large_tiles", "checker", "pale_planks", "square_tiles"), (), 0.0,
    (
        Wish("run", ("refrigerator", "base_cabinet", "sink_cabinet", "dishwasher",
             "base_cabinet", "oven", "base_cabinet", "base_cabinet"), needed=True, tag="run"),
        Wish("over run", ("wall_cabinet", "range_hood"), to="run"),
        Wish("center", ("square_table", "round_table"), needed=True, tag="table"),
        Wish("around", ("chair",), (2, 4), to="table", alike=True, needed=True),
        Wish("wall", ("cabinet", "low_bookshelf"), (0, 1), tag="cabinet"),
        Wish("on", ("microwave",), (0, 1), to="run"),
        Wish("on", ("kettle",), (1, 1), to="run"),
        Wish("on", ("toaster",), (0, 1), to="run"),
        Wish("on", ("pot",), (1, 2), to="run"),
        Wish("on", ("bottle", "jar", "jar", "mug", "mug", "bowl"), (4, 7), to="run"),
        Wish("on", ("plate", "mug", "fruit_bowl", "bottle", "vase"), (3, 5), to="table"),
        Wish("on", ("bowl", "jar", "vase", "books", "small_plant"), (1, 3), to="cabinet"),
        Wish("on", ("small_plant",), (0, 2), to="window"),
        Wish("corner", ("plant",), (0, 1)),
        Wish("wall", ("stool",), (0, 2), alike=True),
        Wish("loose", ("waste_bin",), (1, 1)),
        Wish("loose", ("cardboard_box", "basket", "stool"), (0, 2)),
        Wish("hang", ("clock",), (1, 1)),
        Wish("hang", ("small_picture", "picture"), (1, 3)),
        Wish("ceiling", ("ceiling_lamp", "globe_lamp"), to="table", needed=True),
    ),
)  # fmt: skip

DINING_ROOM = Kind(
    "dining room", (4.4, 6.0), (4.0, 5.0), 0.85, _WOODEN, (), 0.7,
    (
        Wish("center", ("rug",), (0, 1), tag="big rug"),
        Wish("center", ("dining_table", "round_table"), needed=True, tag="table"),
        Wish("around", ("chair",), (4, 6), to="table", alike=True, needed=True),
        Wish("wall", ("cabinet",), (1, 1)),
        Wish("wall", ("bookshelf", "dresser", "low_bookshelf"), (1, 1), tag="bookshelf"),
        Wish("wall", ("bench", "side_table", "armchair"), (0, 1), tag="side"),
        Wish("corner", ("plant", "floor_lamp"), (1, 2)),
        Wish("on", ("plate",), (2, 4), to="table", alike=True),
        Wish("on", ("fruit_bowl", "vase", "bottle", "mug", "candle"), (2, 3), to="table"),
        Wish("on", ("vase", "table_lamp", "bottle", "bowl", "candle", "small_plant"), (3, 5),
             to="cabinet"),
        Wish("on", (*_SHELF_THINGS, "bottle", "jar"), (3, 6), to="bookshelf"),
        Wish("on", ("small_plant",), (0, 2), to="window"),
        Wish("above", ("picture", "mirror"), to="cabinet"),
        Wish("hang", ("picture", "picture", "small_picture"), (3, 4)),
        Wish("hang", ("clock",), (0, 1)),
        Wish("loose", ("basket", "cardboard_box", "stool", "pouf"), (1, 3)),
        Wish("ceiling", ("pendant_lamp", "globe_lamp"), to="table", needed=True),
    ),
)  # fmt: skip

OFFICE = Kind(
    "home office", (4.0, 5.4), (3.8, 4.8), 0.85, (*_WOODEN, "carpet"), (), 0.5,
    (
        Wish("wall", ("desk",), (1, 2), needed=True),
        Wish("seat", ("office_chair",), (2, 2), to="desk", needed=True),
        Wish("wall", ("bookshelf",), (1, 3), alike=True, needed=True),
        Wish("wall", ("filing_cabinet",), (1, 2), alike=True),
        Wish("wall", ("armchair", "sofa"), (0, 1), tag="seat"),
        Wish("center", ("rug",), (0, 1)),
        Wish("corner", ("plant", "floor_lamp", "coat_stand"), (1, 2)),
        Wish("on", ("monitor",), (1, 2), to="desk", alike=True),
        Wish("on", ("keyboard", "laptop"), (1, 2), to="desk"),
        Wish("on", ("desk_lamp",), (1, 1), to="desk"),
        Wish("on", ("mug", "book", "book"), (2, 4), to="desk"),
        Wish("on", (*_SHELF_THINGS, "storage_box"), (7, 11), to="bookshelf"),
        Wish("on", ("printer", "storage_box", "small_plant", "books"), (1, 3), to="filing_cabinet"),
        Wish("on", ("cushion",), (0, 1), to="seat"),
        Wish("on", ("small_plant",), (0, 1), to="window"),
        Wish("hang", ("clock",), (1, 1)),
        Wish("hang", ("wall_shelf",), (0, 2)),
        Wish("on", ("books", "few_books", "jar", "vase"), (2, 3), to="wall_shelf"),
        Wish("hang", ("picture", "picture", "small_picture"), (3, 4)),
        Wish("loose", ("waste_bin",), (1, 1)),
        Wish("loose", ("cardboard_box",), (1, 2)),
        Wish("loose", ("backpack", "suitcase", "basket"), (0, 1)),
        Wish("ceiling", ("ceiling_lamp", "globe_lamp"), needed=True),
    ),
)  # fmt: skip

BATHROOM = Kind(
    "bathroom", (3.9, 4.8), (3.6, 4.3), 1.20, ("square_tiles", "large_tiles", "checker"),
    ("square_tiles", "brick_tiles"), 0.0,
    (
        Wish("main", ("bathtub",), needed=True),
        Wish("wall", ("washbasin",), (1, 2), alike=True, needed=True),
        Wish("wall", ("toilet",), needed=True),
        Wish("wall", ("low_bookshelf", "dresser", "bookshelf"), (1, 1), tag="shelf"),
        Wish("above", ("mirror",), (2, 2), to="washbasin", alike=True),
        Wish("before", ("bath_mat",), to="bathtub"),
        Wish("hang", ("towel",), (2, 3)),
        Wish("hang", ("wall_shelf",), (0, 1)),
        Wish("on", ("soap_bottle", "jar", "toilet_paper", "candle"), (2, 3), to="wall_shelf"),
        Wish("on", ("soap_bottle", "soap_bottle", "mug", "candle"), (2, 4), to="washbasin"),
        Wish("on", ("folded_towels", "folded_towels", "soap_bottle", "storage_box",
             "toilet_paper", "small_plant"), (4, 7), to="shelf"),
        Wish("on", ("toilet_paper",), (1, 2), to="toilet"),
        Wish("loose", ("basket",), (1, 2)),
        Wish("loose", ("stool",), (1, 1)),
        Wish("on", ("folded_towels", "soap_bottle"), (0, 1), to="stool"),
        Wish("loose", ("waste_bin",), (1, 1)),
        Wish("corner", ("plant",), (0, 1)),
        Wish("on", ("small_plant",), (0, 2), to="window"),
        Wish("hang", ("small_picture",), (1, 2)),
        Wish("ceiling", ("ceiling_lamp", "globe_lamp"), needed=True),
    ),
)  # fmt: skip

CHILDRENS_ROOM = Kind(
    "children's room", (4.0, 5.2), (3.8, 4.8), 0.90, (*_WOODEN, "carpet"), (), 0.8,
    (
        Wish("main", ("single_bed",), needed=True, tag="bed"),
        Wish("wall", ("single_bed",), (0, 1), tag="bed"),
        Wish("wall", ("small_desk",), tag="desk"),
        Wish("seat", ("chair",), to="desk"),
        Wish("wall", ("low_bookshelf", "bookshelf"), (1, 2), tag="bookshelf"),
        Wish("wall", ("wardrobe", "dresser"), (1, 1), tag="closet"),
        Wish("wall", ("toy_chest",), (1, 1), tag="chest"),
        Wish("center", ("rug",), (1, 1)),
        Wish("on", ("pillow",), (1, 2), to="bed"),
        Wish("on", ("teddy_bear", "cushion"), (1, 2), to="bed"),
        Wish("on", ("desk_lamp",), to="desk"),
        Wish("on", ("book", "mug", "laptop", "toy_block"), (1, 3), to="desk"),
        Wish("on", ("books", "books", "few_books", "storage_box", "teddy_bear", "toy_car",
             "toy_block"), (4, 7), to="bookshelf"),
        Wish("on", ("teddy_bear", "toy_car", "book"), (1, 2), to="chest"),
        Wish("loose", ("ball",), (1, 2)),
        Wish("loose", ("toy_block",), (3, 5)),
        Wish("loose", ("toy_car", "teddy_bear", "backpack", "basket", "cardboard_box", "pouf"),
             (2, 4)),
        Wish("corner", ("plant", "floor_lamp"), (0, 1)),
        Wish("above", ("picture",), to="bed"),
        Wish("hang", ("wall_shelf",), (0, 1)),
        Wish("on", ("books", "toy_block", "toy_car", "few_books"), (2, 3), to="wall_shelf"),
        Wish("hang", ("small_picture", "picture", "small_picture"), (2, 3)),
        Wish("hang", ("clock",), (0, 1)),
        Wish("ceiling", ("ceiling_lamp", "globe_lamp"), needed=True),
    ),
)  # fmt: skip

KINDS: tuple[Kind, ...] = (
    LIVING_ROOM, KITCHEN, BEDROOM, OFFICE, DINING_ROOM, CHILDRENS_ROOM, BATHROOM,
)  # fmt: skip
