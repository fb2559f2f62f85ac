#!/usr/bin/env python3
"""Writes the demo's dataset: The Devil's Dictionary (package dict-devil) as prompt/completion rows.

    apt-get install dict-devil && python3 trainers/base/dataset.py examples/quickstart/dataset
"""

import json
import re
import sys
from pathlib import Path

from sources import dictionary, paragraphs

# Entries about peoples and races that a demo need not repeat.
LEFT_OUT = {"AFRICAN", "HEBREW", "MINSTREL", "NEGRO", "MONGOLIAN", "SHEBREW", "ABORIGINIES"}


def rows():
    for _, body in dictionary("devil"):
        text = paragraphs(body.strip())
        match = re.match(r"([A-Z][A-Z'&. -]*[A-Z.]|[A-Z]),? *((?:[a-z]+\.(?: ?& ?|, ?| )?)+)\s+(?=\S)", text)
        if not match or match.group(1).split(",")[0] in LEFT_OUT:
            continue
        completion = re.sub(r" {2,}", " ", text[match.end():]).strip()
        if len(completion) >= 20:
            yield {"prompt": f"{match.group(1)}, {match.group(2).strip()}", "completion": " " + completion}


def main(directory):
    lines = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows()]
    Path(directory, "data.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} rows, {sum(map(len, lines)) + len(lines)} characters")


if __name__ == "__main__":
    main(sys.argv[1])
