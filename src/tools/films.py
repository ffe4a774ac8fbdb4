"""How jobs/train.sh --validation-by movie divides films: what the other programs here share."""
import hashlib


def bucket(film):
    """From 0 to 9,999; of these the lowest tenth is held out."""
    return int.from_bytes(hashlib.sha256(str(film).encode()).digest()[:4], "big", signed=True) % 10_000


def held_out(film):
    return bucket(film) < 1_000
