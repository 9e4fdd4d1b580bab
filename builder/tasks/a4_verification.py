"""A4: two views and a claim about what the camera did in between; is it true?"""

from collections.abc import Iterator, Mapping
from typing import Any

from builder.config import Gates
from builder.core.action import kind_of
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.core.seeding import rng_for
from builder.language.answers import Verdict
from builder.language.grammar import hear, say
from builder.language.template import Template
from builder.tasks import Draft, Task, record_id_of
from builder.tasks._claims import false_claim, is_on_grid
from builder.tasks._gates import pair_drop
from builder.tasks._pairs import Pair, pairs_of
from builder.tasks.a3_sequence import is_for_a3

_MOST_ACTIONS = 3


class Verification(Task):
    """Whether a claimed sequence of actions leads from the first view to the second."""

    name = "A4"
    language = Verdict(("true-false",))
    asks_motion = True
    templates = (
        Template(
            "A4.true-false-1",
            "true-false",
            "Somebody says that between these two pictures the camera did this: {claim}. Do the "
            "pictures bear that out? Answer with one word, true or false.",
        ),
        Template(
            "A4.true-false-2",
            "true-false",
            "Start at the first view and carry out: {claim}. Would you then see exactly the second "
            "view? Answer with one word, true or false.",
        ),
        Template(
            "A4.true-false-3",
            "true-false",
            "Judge the statement \"From the first picture to the second, the camera's actions "
            'were: {claim}." Answer with one word, true or false.',
        ),
        Template(
            "A4.true-false-4",
            "true-false",
            "Here is an account of how the camera got from the first picture to the second: "
            "{claim}. Does following it lead to the second view? Answer with one word, true or "
            "false.",
        ),
    )

    def drafts(
        self, rollout: Rollout, seed: int, gates: Gates
    ) -> Iterator[tuple[int, Draft | Drop]]:
        """Yield one question a pair of up to three actions that A3 does not ask about."""
        for pair in pairs_of(rollout):
            if len(pair.actions) <= _MOST_ACTIONS and not is_for_a3(rollout, pair, seed):
                yield pair.index, self._draft(rollout, pair, seed, gates)

    def balance_of(self, record: Mapping[str, Any]) -> str:
        """Return such as "true|move left|move left 0.3 meters": of each claim as many are true."""
        kinds = "; ".join(kind_of(action) for action in hear(record["claim"]))
        return f"{record['messages'][1]['content']}|{kinds}|{record['claim']}"

    def _draft(self, rollout: Rollout, pair: Pair, seed: int, gates: Gates) -> Draft | Drop:
        if drop := pair_drop(rollout, pair, gates):
            return drop
        if not is_on_grid(rollout, pair):
            return Drop("off-grid", say(pair.actions))
        if not rollout.depth_grids_m:
            return Drop("depth-unknown", "no depth to tell whether a false claim would show")
        rng = rng_for(seed, record_id_of(rollout, self.name, pair.index), "claim")
        is_true = bool(rng.integers(2))
        # Drawn in either case: a pair that allows no false claim must not be asked as a true one,
        # or small motions would always be true.
        false = false_claim(rollout, pair, gates, rng)
        if false is None:
            return Drop("no-false-claim", say(pair.actions))
        claim = pair.actions if is_true else false
        slots = {"claim": say(claim)}
        return Draft(pair.keys, pair.actions, (is_true,), slots, claim=claim)


PLUGIN = Verification()
