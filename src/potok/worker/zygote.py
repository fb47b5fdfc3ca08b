"""Forks workers from a process that has imported only our runtime, and buries them: `python -m potok.worker.zygote FD`.

Single-threaded for ever, or a fork could copy a held lock. It ends with its server: when the control socket ends or
SIGTERM comes, every process below it is killed first.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import time
from typing import NamedTuple, NoReturn

from potok.model.local_wire import (
    FRAME_HEAD,
    ORDER,
    ForkRefused,
    Order,
    WorkerDied,
    WorkerForked,
    ZygoteReady,
    ZygoteReport,
)
from potok.model.masking import Secrets
from potok.model.run import Usage
from potok.worker import main_loop, process_control

# isort: split
# After our model, which imports it without what nobody here needs.
import msgspec

_TAIL_MAX_BYTES = 64 * 1024
# A process in an uninterruptible sleep cannot be waited for longer: its death is reported all the same.
_BURIAL_MAX_S = 5.0
_encode = msgspec.msgpack.Encoder().encode


class Child(NamedTuple):
    """A worker that lives; its pipes' read ends are kept so that what it cried out last is not lost."""

    number: int
    stdout_pipe: int
    stderr_pipe: int


class Zygote:
    """The loop over the control socket and SIGCHLD."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pid = os.getpid()
        self._children: dict[int, Child] = {}
        self._pids: dict[int, int] = {}
        self._killed: set[int] = set()
        self._must_end = False
        self._secrets = Secrets()
        self._secrets.add_environment(os.environ)
        self._oom_kills = process_control.oom_kills()
        self._wake_read, self._wake_write = os.pipe()

    def run(self) -> None:
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._wake_read, select.POLLIN)
        self._report(ZygoteReady(self._pid))
        while not self._must_end:
            for fd, _ in poll.poll():
                if fd == self._wake_read:
                    os.read(self._wake_read, 4096)
                else:
                    self._obey()
            self._bury_dead()
        self._end_all()

    def _on_terminate(self, _number: int, _frame: object) -> None:
        self._must_end = True

    def _obey(self) -> None:
        """Carry out one order; a socket that ended is the order to end."""
        try:
            data, fds, _, _ = socket.recv_fds(self._control, ORDER.size, 1)
        except ConnectionResetError:
            data, fds = b"", []
        if len(data) < ORDER.size:
            self._must_end = True
            return
        order, number = ORDER.unpack(data)
        if order == Order.FORK:
            self._fork(number, fds[0])
        elif number in self._pids:
            pid = self._pids[number]
            if order == Order.KILL:
                self._killed.add(number)
            _signal_group(pid, signal.SIGKILL if order == Order.KILL else signal.SIGTERM)

    def _fork(self, number: int, link: int) -> None:
        pipes: list[int] = []
        try:
            pipes += os.pipe()
            pipes += os.pipe()
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # the child's first handler is its own
            pid = os.fork()
        except OSError as error:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
            for fd in (link, *pipes):
                os.close(fd)
            self._report(ForkRefused(number, error.strerror or str(error)))
            return
        stdout_read, stdout_write, stderr_read, stderr_write = pipes
        if pid == 0:
            self._become_worker(link, stdout_read, stdout_write, stderr_read, stderr_write)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        for fd in (link, stdout_write, stderr_write):
            os.close(fd)
        self._children[pid] = Child(number, stdout_read, stderr_read)
        self._pids[number] = pid
        self._report(WorkerForked(number, pid))

    def _become_worker(
        self, link: int, stdout_read: int, stdout_write: int, stderr_read: int, stderr_write: int
    ) -> NoReturn:
        try:
            os.setsid()
            process_control.die_with_parent(signal.SIGKILL)
            if os.getppid() != self._pid:
                os._exit(0)
            process_control.adopt_orphans()
            process_control.show_name(b"potok-worker")
            process_control.offer_to_oom_killer()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)  # what tasks start must not inherit it ignored
            for fd in (self._control.detach(), self._wake_read, self._wake_write):
                os.close(fd)
            for child in self._children.values():
                os.close(child.stdout_pipe)
                os.close(child.stderr_pipe)
            os.dup2(stdout_write, 1)
            os.dup2(stderr_write, 2)
            os.close(stdout_write)
            os.close(stderr_write)
            gc.enable()
            main_loop.serve(socket.socket(fileno=link), stdout_read, stderr_read, self._secrets)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(70)

    def _bury_dead(self) -> None:
        while True:
            try:
                info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if info is None:
                return
            if info.si_pid in self._children:
                self._bury(info.si_pid)
            else:
                os.waitpid(info.si_pid, 0)  # an orphan that a dead worker left us

    def _bury(self, pid: int) -> None:
        """While the dead leader is not reaped its number, and so its group's, cannot be given to anybody else."""
        child = self._children[pid]
        _signal_group(pid, signal.SIGKILL)
        self._end_orphans()
        del self._children[pid], self._pids[child.number]
        _, status, used = os.wait4(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        died_by = -code if code < 0 else None
        report = WorkerDied(
            child.number,
            pid,
            code if code >= 0 else None,
            died_by,
            died_by == signal.SIGKILL and child.number not in self._killed and self._saw_oom_kill(),
            Usage(used.ru_utime, used.ru_stime, round(used.ru_maxrss / 1024, 1)),
            self._last_words(child.stdout_pipe),
            self._last_words(child.stderr_pipe),
        )
        self._killed.discard(child.number)
        self._report(report)

    def _end_orphans(self) -> None:
        """Kill and reap what dead workers left: living ones adopt their own orphans, so no stranger here is theirs."""
        give_up_at = time.monotonic() + _BURIAL_MAX_S
        while strangers := [pid for pid in process_control.children(self._pid) if pid not in self._children]:
            for pid in strangers:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
            if time.monotonic() > give_up_at:
                return
            time.sleep(0.0005)

    def _saw_oom_kill(self) -> bool:
        before, self._oom_kills = self._oom_kills, process_control.oom_kills()
        return self._oom_kills > before

    def _last_words(self, pipe: int) -> bytes:
        """What stands unread in the pipe of a dead worker, its end if it is much."""
        os.set_blocking(pipe, False)
        words = b""
        try:
            while data := os.read(pipe, _TAIL_MAX_BYTES):
                words = (words + data)[-_TAIL_MAX_BYTES:]
        except OSError:
            pass
        os.close(pipe)
        text = words.decode("utf-8", "backslashreplace")
        return self._secrets.mask(text).encode()

    def _report(self, report: ZygoteReport) -> None:
        payload = _encode(report)
        try:
            self._control.sendall(FRAME_HEAD.pack(len(payload)) + payload)
        except OSError:
            self._must_end = True

    def _end_all(self) -> None:
        self._killed.update(self._pids)
        for pid in list(self._children):
            _signal_group(pid, signal.SIGKILL)
        give_up_at = time.monotonic() + _BURIAL_MAX_S
        while self._children and time.monotonic() < give_up_at:
            self._bury_dead()
            time.sleep(0.0005)
        self._end_orphans()


def _signal_group(pid: int, number: signal.Signals) -> bool:
    """Whether the group (or, just forked, the process itself) was there to be signalled."""
    for send in (os.killpg, os.kill):
        try:
            send(pid, number)
            return True
        except (ProcessLookupError, PermissionError):
            continue
    return False


def _preload() -> None:
    """What nearly every DAG file imports: 1.5 MB once here, else 20 ms and as much in each worker's first call."""
    for name in ("authoring.registry", "authoring.contracts", "authoring.operators", "authoring.retry"):
        importlib.import_module(f"potok.{name}")
    importlib.import_module("subprocess")


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    process_control.show_name(b"potok-zygote")
    process_control.adopt_orphans()
    process_control.die_with_parent(signal.SIGTERM)
    # A core file of a crashed task is not ours to leave about; the stack that faulthandler prints is worth more.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    faulthandler.enable(file=2)
    _preload()
    gc.collect()
    gc.freeze()
    gc.disable()
    Zygote(control).run()


if __name__ == "__main__":
    main()
