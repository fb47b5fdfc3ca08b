"""A TCP proxy in front of a database that can swallow the server's answers and then hang up."""

import socket
import threading
from contextlib import suppress


class LossyProxy:
    """Forwards to 127.0.0.1:`port`. After `swallow_answers()` what the client sends still reaches the server, the
    answer does not reach the client: the connection breaks in its place."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._is_swallowing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = [self._listener]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def swallow_answers(self) -> None:
        self._is_swallowing.set()

    def let_through(self) -> None:
        self._is_swallowing.clear()

    def close(self) -> None:
        for opened in self._sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
            opened.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [client, server]
            for arguments in ((client, server, False), (server, client, True)):
                self._threads.append(threading.Thread(target=self._pump, args=arguments))
                self._threads[-1].start()

    def _pump(self, source: socket.socket, target: socket.socket, carries_answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if carries_answers and self._is_swallowing.is_set():
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
