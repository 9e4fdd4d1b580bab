"""Which of the candidates that would do: those whose traits were chosen least so far.

Traits are what a question should not be guessed from, or be monotonous in: label, place of a box,
amounts, anchor, wording. A quota says how many of each group are chosen; within it the next is the
one that keeps the traits most even: the sum over all families of traits of k * sum(count ** 2),
where k is how many traits a family has, is Pearson's chi-square but for a constant, and grows least
by it. Each family counts twice: over all that is chosen, and within the group's answer, so that
what is even is so beside every answer.
"""

import heapq
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from builder.core.action import amount_of, kind_of
from builder.core.box import BoxN1000
from builder.language.grammar import hear

Traits = tuple[tuple[str, ...], ...]
"""One tuple a family; a candidate may have several traits of it, such as two amounts."""


class Candidate(Protocol):
    """What can be chosen."""

    @property
    def balance(self) -> str:
        """The class of its answer."""

    @property
    def traits(self) -> Traits:
        """What should be even; "family:value" each."""

    @property
    def rank(self) -> int:
        """Its place in hash order, which decides between equals."""


_SHORT = 3  # longer sequences are all different, and count as one kind a length

Chosen = TypeVar("Chosen", bound=Candidate)
Group = TypeVar("Group", bound=Hashable)


def traits_of(record: Mapping[str, Any]) -> Traits:
    """Return the traits of a record: of what it shows, never of what it asks for alone.

    The amounts are those of the claim, where one is made: true and false claims are to look alike.
    """
    trajectory = record["trajectory_id"].partition("_")[0]
    traits: list[tuple[str, ...]] = [
        (f"anchor:{record['scene_id']}/{trajectory}",),
        (f"wording:{record['template_id']}",),
    ]
    actions = hear(record["claim"] or record["actions"])
    kinds = [kind_of(action) for action in actions]
    traits.append((f"kinds:{'; '.join(kinds) if len(kinds) <= _SHORT else len(kinds)}",))
    traits.append(tuple(f"{kind_of(action)}:{amount_of(action):g}" for action in actions))
    if record["answer_form"] == "choice":
        traits.append((f"letter:{record['messages'][1]['content']}",))
    if thing := record["object"]:
        traits += [(f"label:{thing['label']}",), (f"before:{cell_of(thing['box_before'])}",)]
        if thing["box_after"] is not None and len(record["images"]) > 1:
            traits.append((f"after:{cell_of(thing['box_after'])}",))
    return tuple(traits)


def cell_of(box: BoxN1000 | Sequence[int]) -> int:
    """Return in which of nine cells of the frame the center of a box lies, 0..8 row by row.

    Example:
        >>> cell_of((700, 0, 900, 100))
        2
    """
    x1, y1, x2, y2 = box
    column, row = (min(2, 3 * (low + high) // 2000) for low, high in ((x1, x2), (y1, y2)))
    return row * 3 + column


def spread(groups: Mapping[Group, Sequence[Chosen]], quota: Mapping[Group, int]) -> list[Chosen]:
    """Return `quota` candidates of each group, or all it has, their traits as even as they can be.

    The order in which candidates come changes nothing.
    """
    everyone = [(key, one) for key, group in groups.items() for one in group]
    left = {key: quota[key] for key in groups}
    counts = _Counts(one for _, one in everyone)
    # Counts only grow, and costs with them: a cost that is still right when it comes up is least.
    queue = [
        (counts.cost(one), one.rank, index, key, one) for index, (key, one) in enumerate(everyone)
    ]
    heapq.heapify(queue)
    chosen = []
    while queue:
        cost, rank, index, key, one = heapq.heappop(queue)
        if left[key] == 0:
            continue
        if (now := counts.cost(one)) > cost:
            heapq.heappush(queue, (now, rank, index, key, one))
            continue
        counts.add(one)
        left[key] -= 1
        chosen.append(one)
    return chosen


class _Counts:
    """How often each trait was chosen, over all and within an answer."""

    def __init__(self, supply: Iterable[Candidate]) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        traits = {name for one in supply for family in one.traits for name in family}
        self._sizes = Counter(_family_of(name) for name in traits)

    def add(self, one: Candidate) -> None:
        for family in one.traits:
            for name in family:
                self._counts.update(((name, ""), (name, one.balance)))

    def cost(self, one: Candidate) -> int:
        total = 0
        for family in one.traits:
            costs = [
                self._sizes[_family_of(name)]
                * (2 + 2 * self._counts[name, ""] + 2 * self._counts[name, one.balance])
                for name in family
            ]
            total += sum(costs) // len(costs)
        return total


def _family_of(name: str) -> str:
    return name.partition(":")[0]
