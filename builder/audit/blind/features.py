"""A question as a learner sees it: n-grams of its words and characters, and its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from builder.audit.blind.asked import Asked
from builder.audit.blind.geometry import names, numbers_of
from builder.audit.blind.question import Parts, masked, parts_of
from builder.core.errors import MissingExtra

Sight = Literal["all", "no boxes", "no actions", "words", "geometry"]
SIGHTS: tuple[Sight, ...] = ("no boxes", "no actions", "words", "geometry")
_TOPICS = 16
_WORDS = {"ngram_range": (1, 3), "token_pattern": r"\S+", "max_features": 3000}
_LETTERS = {"analyzer": "char_wb", "ngram_range": (3, 5), "max_features": 3000}


@dataclass(frozen=True, eq=False)
class Features:
    """Questions as numbers.

    Attributes:
        sparse: (n, words and numbers) CSR matrix, for a linear model.
        dense: (n, numbers and topics) float64, for trees.
        names: Of the columns of `sparse`.
        dense_names: Of the columns of `dense`.
    """

    sparse: Any
    dense: NDArray[np.float64]
    names: tuple[str, ...]
    dense_names: tuple[str, ...]


def features_of(records: Sequence[Asked], sight: Sight = "all") -> Features:
    """Return the features of questions.

    The vocabulary is that of all questions, the tested ones included: it knows no answer.

    Args:
        records: Whose questions.
        sight: What the reader may see of them.
    """
    from scipy import sparse

    parts = [_seen(parts_of(one.question), sight) for one in records]
    pictures = [0 if sight == "geometry" else len(one.images) for one in records]
    numbers = np.array([numbers_of(*pair) for pair in zip(parts, pictures, strict=True)])
    scaled = (numbers - numbers.mean(axis=0)) / np.maximum(numbers.std(axis=0), 1e-9)
    texts = [_text(one.question, sight) for one in records]
    grams, gram_names = _grams(texts) if any(texts) else (None, [])
    number_names = names()
    if grams is None:
        return Features(sparse.csr_matrix(scaled), numbers, tuple(number_names), (*number_names,))
    topics = _topics(grams)
    return Features(
        sparse.hstack([grams, sparse.csr_matrix(scaled * 0.3)], format="csr"),
        np.hstack([numbers, topics]),
        (*gram_names, *number_names),
        (*number_names, *(f"words, component {index}" for index in range(topics.shape[1]))),
    )


def _seen(parts: Parts, sight: Sight) -> Parts:
    boxes = () if sight in {"no boxes", "words"} else parts.boxes
    actions = () if sight in {"no actions", "words"} else parts.actions
    return Parts(boxes, actions, parts.words)


def _text(question: str, sight: Sight) -> str:
    if sight == "geometry":
        return ""
    hide_boxes, hide_actions = sight in {"no boxes", "words"}, sight in {"no actions", "words"}
    return masked(question, boxes=hide_boxes, actions=hide_actions)


def _grams(texts: Sequence[str]) -> tuple[Any, list[str]]:
    """Return TF-IDF of words and of characters; what (nearly) every question says is left out."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ModuleNotFoundError as error:
        raise MissingExtra("sklearn", "audit") from error
    from scipy import sparse

    least = 3 if len(texts) > 60 else 1
    found, found_names = [], []
    for kind, options in (("words", _WORDS), ("letters", _LETTERS)):
        grams = TfidfVectorizer(min_df=least, sublinear_tf=True, **options)
        try:
            found.append(grams.fit_transform(texts))
        except ValueError:  # scikit-learn's way to say that no gram is left
            continue
        found_names += [f"{kind} {name!r}" for name in grams.get_feature_names_out()]
    return _distinct(sparse.hstack(found, format="csc"), found_names) if found else (None, [])


def _distinct(grams: Any, gram_names: Sequence[str]) -> tuple[Any, list[str]]:  # noqa: ANN401
    """Keep one of all grams that stand in the same questions: a wording has hundreds."""
    first: dict[bytes, int] = {}
    for column in range(grams.shape[1]):
        rows = np.sort(grams.indices[grams.indptr[column] : grams.indptr[column + 1]])
        if len(rows) < grams.shape[0]:
            first.setdefault(rows.tobytes(), column)
    kept = list(first.values())
    if not kept:
        return None, []
    return grams[:, kept].tocsr(), [gram_names[column] for column in kept]


def _topics(grams: Any) -> NDArray[np.float64]:  # noqa: ANN401 - scipy has no types
    from sklearn.decomposition import TruncatedSVD

    count = min(_TOPICS, grams.shape[1] - 1, grams.shape[0] - 1)
    if count < 1:
        return np.zeros((grams.shape[0], 0))
    return np.asarray(TruncatedSVD(count, random_state=0).fit_transform(grams))
