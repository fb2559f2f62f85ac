#!/usr/bin/env python3
"""Writes the instruction set of examples/smollm2 from the quickstart's dataset: short definitions, asked for in chat form.

    python3 trainers/base/instructions.py examples/quickstart/dataset/data.jsonl examples/smollm2/dataset
"""

import json
import re
import sys
from pathlib import Path

KINDS = {"n.": "noun", "adj.": "adjective", "v.t.": "verb", "v.i.": "verb", "v.": "verb", "adv.": "adverb"}
LONGEST = 260


def rows(lines):
    for line in lines:
        row = json.loads(line)
        word, _, kind = row["prompt"].partition(", ")
        # the definition itself, without the verses after it
        definition = row["completion"].strip().split("\n")[0]
        if kind not in KINDS or len(definition) > LONGEST or not re.search(r"[.!?]$", definition):
            continue
        yield {
            "messages": [
                {"role": "user", "content": f"Define the {KINDS[kind]} \"{word.lower()}\" the way a cynic would."},
                {"role": "assistant", "content": definition},
            ]
        }


def main(source, directory):
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows(Path(source).read_text("utf-8").splitlines())]
    Path(directory, "data.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} rows, {sum(map(len, lines)) + len(lines)} characters")


if __name__ == "__main__":
    main(*sys.argv[1:])
