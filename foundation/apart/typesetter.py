"""A program that sets documents with Typst, one after another, until nobody asks for a while.

Asked for: four bytes of length, then JSON with ``root``, ``input``, ``standards`` and ``facts``. Answered: one byte,
0 for a PDF and 1 for words on what is wrong; four bytes of length; the PDF or the words.
"""

import json
import select
import struct
import sys
from functools import cache
from typing import Any, BinaryIO

import typst

IDLE_SECONDS = 300
LENGTH = struct.Struct(">I")


@cache
def compiler_of(root: str) -> typst.Compiler:
    """The compiler that keeps what it learnt of templates and fonts: the second document takes milliseconds."""
    return typst.Compiler(root=root, ignore_system_fonts=True)


def set_in_type(asked: dict[str, Any]) -> tuple[int, bytes]:
    """The document, or why there is none."""
    try:
        pdf = compiler_of(asked["root"]).compile(
            input=asked["input"],
            format="pdf",
            pdf_standards=asked["standards"],
            sys_inputs={"facts": asked["facts"]},
        )
    except (typst.TypstError, ValueError, OSError) as error:
        return 1, str(error).encode()
    return 0, bytes(pdf)  # type: ignore[arg-type]  # one PDF, not pages


def serve(asked: BinaryIO, answered: BinaryIO) -> None:
    """Answer until the asker is gone or has been silent for long."""
    while select.select([asked], [], [], IDLE_SECONDS)[0]:
        head = asked.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        kind, content = set_in_type(json.loads(asked.read(*LENGTH.unpack(head))))
        answered.write(bytes([kind]) + LENGTH.pack(len(content)) + content)
        answered.flush()


if __name__ == "__main__":
    serve(open(0, "rb", buffering=0, closefd=False), sys.stdout.buffer)  # noqa: SIM115 - what the process was born with
