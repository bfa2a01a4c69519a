"""Numbers that hashed.ts makes as well: a 32-bit hash of index and seed, scaled to ±scale."""
import numpy as np


def numbers(shape, seed, scale):
    x = np.arange(int(np.prod(shape)), dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 % 2**32)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    x = x ^ (x >> np.uint32(16))
    return ((x / 2**32 - 0.5) * 2 * scale).astype("float32").reshape(shape)
