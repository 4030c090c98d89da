"""Messages between the grader and its sandbox: eight bytes of length, then that much JSON. Never pickles."""

import json
import select
import socket
import struct
import time
from typing import Any

_LENGTH = struct.Struct("!Q")


class BrokenChannelError(Exception):
    """What came is no message, or is longer than any honest one."""


class ClosedChannelError(Exception):
    """The other side is gone."""


class LateError(Exception):
    """Nothing, or only part of a message, came in time."""


def send(channel: socket.socket, message: dict[str, Any]) -> None:
    """Sends one message; ClosedChannelError if nobody is there to read it, LateError where the socket's time is up."""
    data = json.dumps(message).encode()
    try:
        channel.sendall(_LENGTH.pack(len(data)) + data)
    except TimeoutError:
        raise LateError from None
    except OSError:
        raise ClosedChannelError from None


def receive(channel: socket.socket, most: int = 1 << 32, seconds: float | None = None) -> dict[str, Any]:
    """The next message: a JSON object of at most `most` bytes, whole within `seconds`.

    Raises ClosedChannelError, LateError or BrokenChannelError; what came is nowhere trusted.
    """
    end = None if seconds is None else time.monotonic() + seconds
    (length,) = _LENGTH.unpack(_read(channel, _LENGTH.size, end))
    if length > most:
        raise BrokenChannelError(f"a message of {length:,} bytes")
    try:
        message = json.loads(_read(channel, length, end))
    except (ValueError, RecursionError):
        raise BrokenChannelError("a message that is no JSON") from None
    if not isinstance(message, dict):
        raise BrokenChannelError("a message that is no JSON object")
    return message


def pending(channel: socket.socket) -> bool:
    """Whether something, or the end, waits to be read."""
    return bool(select.select([channel], [], [], 0)[0])


def _read(channel: socket.socket, length: int, end: float | None) -> bytes:
    parts = []
    while length:
        if end is not None:
            left = end - time.monotonic()
            if left <= 0 or not select.select([channel], [], [], left)[0]:
                raise LateError
        try:
            part = channel.recv(min(length, 1 << 20))
        except OSError:
            raise ClosedChannelError from None
        if not part:
            raise ClosedChannelError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
