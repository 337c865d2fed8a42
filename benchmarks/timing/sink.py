"""An SMTP server that accepts and discards every mail: `python -m benchmarks.timing.sink PORT MILLISECONDS`.

It runs as a separate process, so that it takes no time of the measuring client. It delays each reply by the given time, as
a network would.
"""

import asyncio
import sys
from contextlib import suppress


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float) -> None:
    async def say(reply: bytes) -> None:
        await asyncio.sleep(delay)
        writer.write(reply)

    with suppress(ConnectionError, asyncio.IncompleteReadError):
        await say(b"220 sink.example\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                await say(b"354 go on\r\n")
                await reader.readuntil(b"\r\n.\r\n")
            await say(b"221 bye\r\n" if verb == b"QUIT" else b"250 OK\r\n")
            if verb == b"QUIT":
                break
    writer.close()


async def _serve(port: int, delay: float) -> None:
    server = await asyncio.start_server(lambda reader, writer: _talk(reader, writer, delay), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2]) / 1000))
