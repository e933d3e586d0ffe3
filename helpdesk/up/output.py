"""What the services say, line by line, each under its name."""

import os
import selectors
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO

#: A line longer than this is cut into several: nobody may fill our memory.
LONGEST_LINE = 64 * 1024


def say(text: str, name: str = "up") -> None:
    """Write one line to the log. A reader that went away (``bin/up | head``) stops nothing."""
    with suppress(OSError):
        sys.stdout.write(f"{time.strftime('%H:%M:%S')} {name:8}| {text}\n")
        sys.stdout.flush()


class Output:
    """Reads the services' pipes as they fill."""

    def __init__(self, selector: selectors.BaseSelector) -> None:
        self.selector = selector
        self.partial: dict[int, bytes] = {}

    def follow(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Print what this process writes from now on."""
        if process.stdout is None:
            return
        os.set_blocking(process.stdout.fileno(), False)
        self.partial[process.stdout.fileno()] = b""
        self.selector.register(process.stdout, selectors.EVENT_READ, name)

    def read(self, pipe: IO[bytes], name: str) -> None:
        """Print the complete lines that have come; forget a pipe that was closed."""
        number = pipe.fileno()
        try:
            data = os.read(number, 65536)
        except BlockingIOError:
            return
        *lines, rest = (self.partial[number] + data).split(b"\n")
        if not data or len(rest) > LONGEST_LINE:
            lines, rest = [*lines, rest], b""
        for line in lines:
            if line.strip():
                say(line.decode(errors="replace").rstrip(), name)
        self.partial[number] = rest
        if not data:
            self.selector.unregister(pipe)
            del self.partial[number]
            pipe.close()
