"""The body of a request, read up to a limit. Keeps nothing."""

from __future__ import annotations

from starlette.requests import Request

from potok.api.problem import ProblemError


async def read_body(request: Request, bytes_max: int) -> bytes:
    """The whole body; raises ProblemError 413 as soon as it is known to be too large."""
    declared = request.headers.get("content-length", "0")
    too_large = ProblemError(413, f"the body is larger than {bytes_max // 1024} KB")
    if not declared.isdigit() or int(declared) > bytes_max:
        raise too_large
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > bytes_max:
            raise too_large
        chunks.append(chunk)
    return b"".join(chunks)
