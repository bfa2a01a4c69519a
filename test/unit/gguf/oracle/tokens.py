"""Tokens by PyPI's tokenizers, from the vocabulary and merges of a GGUF file, for the texts in the JSON on stdin.
usage: tokens.py FILE.gguf"""
import json, sys
import gguf
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

reader = gguf.GGUFReader(sys.argv[1])
value = lambda name: reader.get_field("tokenizer.ggml." + name).contents()
tokens, merges, kinds = value("tokens"), value("merges"), value("token_type")
model = models.BPE({token: i for i, token in enumerate(tokens)}, [tuple(merge.split(" ")) for merge in merges])
tokenizer = Tokenizer(model)
digits = [pre_tokenizers.Digits(individual_digits=True)] if value("pre") == "smollm" else []
tokenizer.pre_tokenizer = pre_tokenizers.Sequence(digits + [pre_tokenizers.ByteLevel(add_prefix_space=False)])
tokenizer.decoder = decoders.ByteLevel()
tokenizer.add_special_tokens([AddedToken(token, special=True) for token, kind in zip(tokens, kinds) if kind == 3])
answer = []
for text in json.load(sys.stdin):
    ids = tokenizer.encode(text).ids
    answer.append({"ids": ids, "text": tokenizer.decode(ids)})
json.dump(answer, sys.stdout)
