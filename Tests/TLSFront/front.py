"""Takes TLS connections on ports of 127.0.0.1 and hands what they carry to plain ports, both ways.

    front.py CERTIFICATE KEY PORT...

For each PORT one line of output: the port that stands in front of it.
"""

import asyncio
import ssl
import sys


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(1 << 16):
            sink.write(piece)
            await sink.drain()
    except OSError:
        pass
    finally:
        sink.close()


async def main(certificate: str, key: str, ports: list[int]) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)

    def to(port: int):
        async def serve(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            try:
                far_source, far_sink = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                sink.close()
                return
            await asyncio.gather(pump(source, far_sink), pump(far_source, sink))

        return serve

    for port in ports:
        server = await asyncio.start_server(to(port), "127.0.0.1", 0, ssl=context)
        print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], sys.argv[2], [int(port) for port in sys.argv[3:]]))
