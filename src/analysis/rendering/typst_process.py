"""Typst in a process of its own: what it remembers of a document, about 150 MB each time, is gone when it ends.

Run by `analysis.rendering.typst_writer`: a document comes in as JSON, a PDF or what is wrong with it goes out.
"""

import json
import sys
from pathlib import Path

FAULTY = 4  # the exit code for a document that is at fault


def main() -> None:
    """Compile what stands on standard input: first a line of settings, then the document that the template reads."""
    import typst  # here: whoever begins this process needs the exit code alone

    settings = json.loads(sys.stdin.readline())
    template = Path(settings["template"])
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[settings["fonts"]])
    compiler = typst.Compiler(template, root=template.parent, font_paths=fonts, sys_inputs={"report": sys.stdin.read()})
    try:
        written, _ = compiler.compile_with_warnings(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=settings["noon"]
        )
    except typst.TypstError as error:
        json.dump({"message": error.message, "hints": error.hints}, sys.stdout)
        sys.exit(FAULTY)
    if isinstance(written, bytes):
        sys.stdout.buffer.write(written)


if __name__ == "__main__":
    main()
