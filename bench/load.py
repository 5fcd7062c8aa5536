"""A lean HTTP/1.1 load generator in a process of its own: keep-alive connections, requests made ready before the clock starts."""

import asyncio
import json
import sys
import time
from pathlib import Path

import uvloop


class Connection(asyncio.Protocol):
    """One connection that sends the next request when the answer to the last is whole."""

    def __init__(self, requests: list[bytes], deadline: float, done: asyncio.Future[None]) -> None:
        self.requests = iter(requests)
        self.deadline = deadline
        self.done = done
        self.buffer = b""
        self.latencies: list[float] = []
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        request = next(self.requests, None)
        self.sent = time.perf_counter()
        if request is None or self.sent >= self.deadline:
            self.transport.close()
            return
        self.transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head_end = self.buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = self.buffer[:head_end].lower()
        at = head.find(b"content-length: ")
        end = head.find(b"\r\n", at)
        length = int(head[at + 16 : end if end > 0 else None])
        if len(self.buffer) < head_end + 4 + length:
            return
        self.latencies.append(time.perf_counter() - self.sent)
        if head[9:10] != b"2":
            self.refused += 1
            if self.refused == 1:
                print(self.buffer[:600].decode(), file=sys.stderr)
        self.buffer = b""
        self.send()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def drive(port: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, float]:
    """Sends the requests over so many connections until the time is up or they are used up."""
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    protocols = []
    for index in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        share = requests[index::connections]
        _, protocol = await loop.create_connection(
            lambda share=share, done=done: Connection(share, started + seconds, done), "127.0.0.1", port
        )  # type: ignore[misc]
        protocols.append(protocol)
    await asyncio.gather(*(p.done for p in protocols))
    elapsed = time.perf_counter() - started
    latencies = sorted(latency for p in protocols for latency in p.latencies)
    return {
        "answered": len(latencies),
        "refused": sum(p.refused for p in protocols),
        "per_second": len(latencies) / elapsed,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
    }


if __name__ == "__main__":
    port, connections, seconds, path = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[4])
    prepared = [bytes.fromhex(line) for line in path.read_text().splitlines()]
    print(json.dumps(uvloop.run(drive(port, prepared, connections, seconds))))
