"""What PyPI's transformers computes from SmolLM2's GGUF file, for smollm2.json beside it. Made with transformers, torch, gguf
and accelerate; run again only when the file is another one.
usage: smollm2.py FOLDER FILE.gguf > smollm2.json"""
import json, sys
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, file = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=file)
model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32).eval()
chat = [{"role": "user", "content": "What is gradient descent? Answer in one sentence."}]
prompts = [
    tokenizer("The capital of France is")["input_ids"],
    tokenizer("床前明月光,疑是地上霜。")["input_ids"],
    tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=True, return_dict=False),
]
answer = []
for prompt in prompts:
    greedy, ids, cache = [], list(prompt), None
    with torch.no_grad():
        for step in range(40):
            out = model(torch.tensor([ids]), past_key_values=cache, use_cache=True)
            cache, logits = out.past_key_values, out.logits[0, -1]
            if step == 0:
                every = logits
            ids = [int(logits.argmax())]
            greedy += ids
    at = sorted({*every.topk(30).indices.tolist(), *range(0, every.numel(), 500)})
    answer.append({"prompt": list(prompt), "greedy": greedy, "at": at, "logits": [round(float(every[i]), 5) for i in at]})
json.dump({"chat": chat[0]["content"], "prompts": answer}, sys.stdout)
