#!/usr/bin/env python3
"""Writes what Hugging Face's tokenizers makes of the dataset and of awkward text, for TokenizerTest.

    make_tokenizer_vectors.py TOKENIZER.json DATA.jsonl OUT.json
"""

import hashlib
import json
import sys

from tokenizers import Tokenizer

AWKWARD = [
    "", " ", "  ", "\n", "a", " a", "  a", "a  b", "a \n b", "\t\tx  ", "it's we'll I'd they've 'tis 'S y'all's",
    "1234 12.5 ½ Ⅷ x²", "naïve café Ærøskøbing", "日本語のテキスト", "🙂🙃 family: 👩‍👩‍👧‍👦", "a\u00a0b\u2003c\u3000d\u0085e",
    "<|begin|>not special<|end|>", "...!!!???", "a'b''c", "x\u0301y", "\u200b zero width", "   leading and trailing   ",
    "CamelCaseAndUPPER lower", "tabs\tand\nnewlines\r\nmixed", "ſ ı İ ß", "\u0000\u0001\u007f", "a" * 300, " " * 50, "!" * 77 + "a",
]


def main(tokenizer_file, data_file, out_file):
    tokenizer = Tokenizer.from_file(tokenizer_file)
    # the trainer reads special tokens in text as text
    tokenizer.encode_special_tokens = True
    texts = [text for line in open(data_file, encoding="utf-8") for row in [json.loads(line)] for text in (row["prompt"], row["completion"])]
    digest = hashlib.sha256()
    for text in texts:
        digest.update((" ".join(map(str, tokenizer.encode(text).ids)) + "\n").encode())
    vectors = [{"text": text, "ids": tokenizer.encode(text).ids} for text in AWKWARD + texts[:20]]
    with open(out_file, "w", encoding="utf-8") as out:
        json.dump({"datasetTexts": len(texts), "datasetIdsSha256": digest.hexdigest(), "vectors": vectors}, out, separators=(",", ":"))
        out.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
