"""Which coding of a file a client takes: the header Accept-Encoding, as RFC 9110 has it."""

import re
from collections.abc import Sequence

IDENTITY = "identity"  # the file as it is
WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
UNNAMED = 0.0001  # below every weight that a client can give


def chosen_encoding(accepted: str, available: Sequence[str]) -> str | None:
    """The coding that a client likes best.

    Args:
        accepted: The header's value; empty where there is none.
        available: Codings of the file, of equally liked ones the best first.

    Returns:
        One of them, or `identity` where the client names none of them, or None where it refuses all.
    """
    weights = _weights(accepted)
    fallback = weights.get("*", 0.0)
    liking = {coding: weights.get(coding, fallback) for coding in available}
    liking[IDENTITY] = weights.get(IDENTITY, weights.get("*", UNNAMED))
    best = max(liking, key=liking.__getitem__)
    return best if liking[best] > 0 else None


def _weights(accepted: str) -> dict[str, float]:
    """The weight of each coding that the header names; one that can't be read is none."""
    weights = {}
    for entry in filter(str.strip, accepted.split(",")):
        coding, *parameters = entry.split(";")
        found = [WEIGHT.fullmatch(parameter) for parameter in parameters]
        known = all(found) and len(found) < 2
        weights[coding.strip().lower()] = float(found[0][1] if found and found[0] else 1) if known else 0.0
    return weights
