"""Cuts a stream of bytes into frames: a 4-byte length and as many bytes. Holds at most one unfinished frame."""

from __future__ import annotations

from potok.model.local_wire import FRAME_HEAD
from potok.model.wire import FRAME_MAX_BYTES

_HEAD = FRAME_HEAD.size


class FrameReader:
    """Feed it what a socket gave; it gives back the frames that are whole."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Raises ValueError when the stream cannot be one of frames."""
        if self._rest:
            self._rest += data
            if not self._is_whole():
                return []
            data = bytes(self._rest)
            self._rest.clear()
        frames = []
        at = 0
        while len(data) - at >= _HEAD:
            end = at + _HEAD + FRAME_HEAD.unpack_from(data, at)[0]
            if end - at > FRAME_MAX_BYTES:
                raise ValueError(f"a frame of {end - at} bytes")
            if end > len(data):
                break
            frames.append(data[at + _HEAD : end])
            at = end
        if at < len(data):
            self._rest += data[at:]
        return frames

    def _is_whole(self) -> bool:
        """Whether the first frame is complete: a large one that comes in many pieces is copied once, not each time."""
        if len(self._rest) < _HEAD:
            return False
        length = int(FRAME_HEAD.unpack_from(self._rest)[0])
        return length > FRAME_MAX_BYTES or len(self._rest) >= _HEAD + length


def framed(payload: bytes) -> bytes:
    """Raises ValueError when the other side would refuse it."""
    if len(payload) + _HEAD > FRAME_MAX_BYTES:
        raise ValueError(f"{len(payload) >> 20} MB, more than the {FRAME_MAX_BYTES >> 20} MB of a message")
    return FRAME_HEAD.pack(len(payload)) + payload
