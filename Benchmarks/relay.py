"""A far host: a relay to a server on this machine that holds back what a round trip and TCP's slow start would.

Started as a program: `relay.py PORT-OF-THE-SERVER`; prints its own port. The model, per connection and in both senses honest to the client:

- The handshake takes one round trip, and so does each request until the first byte of its answer.
- So many bytes may be under way as the congestion window holds. It begins at 10 segments (RFC 6928), and grows by each byte that is
  acknowledged, a round trip after it was sent: it doubles per round trip. It stays on a kept connection.
- It ends growing at the window that the path or the receiver allows.
"""

import asyncio
import heapq
import sys

ROUND_TRIP = 0.050
INITIAL_WINDOW = 10 * 1460
# 20 MiB/s a connection at this round trip: what a host far away gives one stream.
LARGEST_WINDOW = 1 << 20


def stream_seconds(sizes, connections, round_trip=ROUND_TRIP):
    """The least that the model allows for answers of these sizes, on so many connections that are opened at once and kept.

    Each next answer is asked for on the connection that is free first.
    """
    free = [(round_trip, INITIAL_WINDOW)] * connections
    heapq.heapify(free)
    for byte_count in sizes:
        now, window = heapq.heappop(free)
        now += round_trip
        left = byte_count - window
        while left > 0:
            now += round_trip
            window = min(2 * window, LARGEST_WINDOW)
            left -= window
        heapq.heappush(free, (now, window))
    return max(now for now, _ in free)


class Window:
    """How much may be under way, and what waits for that."""

    def __init__(self):
        self.size, self.in_flight = INITIAL_WINDOW, 0
        self.room = asyncio.Event()
        self.room.set()

    async def take(self):
        """Bytes that may be sent now; waits until there are any."""
        while self.in_flight >= self.size:
            self.room.clear()
            await self.room.wait()
        return self.size - self.in_flight

    def sent(self, byte_count):
        self.in_flight += byte_count
        asyncio.get_running_loop().call_later(ROUND_TRIP, self.acknowledged, byte_count)

    def acknowledged(self, byte_count):
        self.in_flight -= byte_count
        self.size = min(self.size + byte_count, LARGEST_WINDOW)
        self.room.set()


async def requests_out(reader, writer):
    """From the client: each piece a round trip late, the first of a connection one more."""
    loop = asyncio.get_running_loop()
    pieces = asyncio.Queue()

    async def read():
        extra = ROUND_TRIP
        while piece := await reader.read(65536):
            pieces.put_nowait((loop.time() + ROUND_TRIP + extra, piece))
            extra = 0
        pieces.put_nowait((loop.time(), b""))

    reading = asyncio.create_task(read())
    try:
        while True:
            due, piece = await pieces.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not piece:
                break
            writer.write(piece)
            await writer.drain()
    finally:
        reading.cancel()


async def answers_in(reader, writer):
    window = Window()
    while True:
        piece = await reader.read(min(await window.take(), 1 << 18))
        if not piece:
            break
        window.sent(len(piece))
        writer.write(piece)
        await writer.drain()


async def connection(port, reader, writer):
    far_writer = None
    try:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        ways = [asyncio.create_task(requests_out(reader, far_writer)), asyncio.create_task(answers_in(far_reader, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
    except OSError:
        pass
    finally:
        for end in (writer, far_writer):
            if end:
                end.close()


async def main(port):
    server = await asyncio.start_server(lambda reader, writer: connection(port, reader, writer), "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
