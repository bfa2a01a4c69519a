"""Byte pairs as the package tokenizers (Hugging Face) learns them: writes bytepairs.json beside this file.

pip install tokenizers==0.22.1; python bytepairs_oracle.py
"""
import json
import pathlib

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

TEXTS = [
    "low low low low low lower lower newest newest newest newest newest newest widest widest widest",
    "It doesn't matter: she sells sea shells by the sea shore, and the shells she sells are sea shells, I'm sure.",
    "  two  spaces,\n\nand 1234 numbers 1234; naïve café, naïve café!",
    "人工智能是人造的智能。人工的智能,不是人的智能。机器学习,深度学习,学习学习再学习。",
    "The more he saw, the more he said; the more he said the less he saw. 🙂🙂🙃",
]
HELD_OUT = ["the slowest shells", "学习人工智能 is the newest café 🙃", "don't\tshe's  12345"]
MERGES = 60

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
trainer = trainers.BpeTrainer(
    vocab_size=1 + 256 + MERGES,
    min_frequency=2,
    special_tokens=["<pad>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator(TEXTS, trainer)
encoded = [{"text": text, "ids": tokenizer.encode(text).ids} for text in TEXTS + HELD_OUT]
result = {"merges": MERGES, "texts": TEXTS, "encoded": encoded}
path = pathlib.Path(__file__).with_name("bytepairs.json")
path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
