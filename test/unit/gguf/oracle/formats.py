"""Writes a GGUF file with PyPI's gguf, a tensor of each format, and prints what the package makes of their bytes.
usage: formats.py FILE"""
import json, sys
import numpy as np
from gguf import GGMLQuantizationType as Type, GGUFWriter, quants

draw = np.random.default_rng(7)
writer = GGUFWriter(sys.argv[1], "llama")
writer.add_uint8("a.uint8", 200)
writer.add_int8("a.int8", -3)
writer.add_uint16("a.uint16", 60000)
writer.add_int16("a.int16", -300)
writer.add_uint32("a.uint32", 4000000000)
writer.add_int32("a.int32", -70000)
writer.add_float32("a.float32", 0.5)
writer.add_bool("a.bool", True)
writer.add_string("a.string", "文字 🙂")
writer.add_uint64("a.uint64", 2**40)
writer.add_int64("a.int64", -(2**40))
writer.add_float64("a.float64", 0.1)
writer.add_array("a.texts", ["a", "", "é"])
writer.add_array("a.numbers", [1, 2, 3])
answer = {}


def halves(count):
    """Scales of either sign, as float16 bytes."""
    return draw.normal(0, 0.1, count).astype("<f2").view("u1").reshape(count, 2)


def blocks(count, size, scales):
    """Any bytes are a sound block, but for its scales."""
    block = draw.integers(0, 256, (count, size), dtype="u1")
    for at in scales:
        block[:, at : at + 2] = halves(count)
    return block


values = draw.normal(0, 1, (3, 512)).astype("f4")
for kind in (Type.F32, Type.F16, Type.Q4_0, Type.Q4_1, Type.Q8_0, Type.Q4_K, Type.Q6_K):
    if kind == Type.Q4_K:
        data = blocks(6, 144, (0, 2)).reshape(3, -1)
    elif kind == Type.Q6_K:
        data = blocks(6, 210, (208,)).reshape(3, -1)
    else:
        data = quants.quantize(values, kind)
    writer.add_tensor(kind.name, data, raw_dtype=kind)
    numbers = quants.dequantize(data, kind)
    answer[kind.name] = {"shape": list(numbers.shape), "numbers": numbers.astype(float).ravel().tolist()}
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
json.dump(answer, sys.stdout)
