"""A process that reads batches of objects: frames of MessagePack on standard input, answers on standard output.

A program of its own instead of multiprocessing: it needs no importable __main__ and inherits no threads, so a library
user may read from anywhere.
"""

import os
import signal
import sys

from msgspec import msgpack

from potok_onec.configuration.frames import read_frame, write_frame
from potok_onec.configuration.inventory import Unit
from potok_onec.configuration.task import Reader, Setting


def main() -> None:
    # Ctrl+C reaches the whole group; the parent decides what to do and closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stream_in, stream_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not land between the frames.
    os.dup2(2, 1)
    first = read_frame(stream_in)
    if first is None:
        return
    reader = Reader(msgpack.decode(first, type=Setting))
    decoder, encoder = msgpack.Decoder(list[Unit]), msgpack.Encoder()
    try:
        while (frame := read_frame(stream_in)) is not None:
            write_frame(stream_out, encoder.encode(reader.read(decoder.decode(frame))))
    except BrokenPipeError:
        pass
    finally:
        reader.close()


if __name__ == "__main__":
    main()
