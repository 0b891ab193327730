"""Kernels that are forked instead of started: a papermill engine and its provisioner.

A process that has imported everything forks itself before an event loop runs; the
child waits until Jupyter's client hands it a connection file, and then is a kernel like
any other. Importing costs nothing any more, and what the parent has imported is
shared in memory.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

import nbformat
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines

from analysis.reporting.running.isolation import CAN_FORK, die_with_parent

ENGINE = "quarterbook"
"""Name of the papermill engine."""
PROVISIONER = "quarterbook-forked"
"""Name of the provisioner's entry point."""

_FIRST_OWN_DESCRIPTOR = 3
_KIBIBYTE = 1024


class Kernel(Protocol):
    """A kernel that one notebook runs in.

    Attributes
    ----------
    returncode : int or None
        Its exit code, negative for a signal; None if it did not end or nobody knows.
    peak_bytes : int
        Most memory that it held; 0 if nobody knows.
    start : dict
        What Jupyter's client is given to start it.
    """

    returncode: int | None
    peak_bytes: int
    start: dict[str, Any]


@dataclass(slots=True)
class FreshKernel:
    """A kernel that Jupyter starts as a new process, where forking is not safe."""

    start: dict[str, Any]
    returncode: int | None = None
    peak_bytes: int = 0


class ForkedKernel:
    """A forked process that waits to become a kernel; used like a Popen.

    Parameters
    ----------
    log : pathlib.Path
        File that takes what the process itself prints; cells' prints travel in the
        notebook.
    """

    stdin = stdout = stderr = None

    def __init__(self, log: Path) -> None:
        reader, self._writer = os.pipe()
        self.returncode: int | None = None
        self.peak_bytes = 0
        self.start = {"forked": self}
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._writer)
            _become_kernel(reader, log)
        os.close(reader)

    def begin(
        self, connection_file: str, folder: str, variables: dict[str, str]
    ) -> None:
        """Let the process be a kernel.

        Parameters
        ----------
        connection_file : str
            Jupyter's file with sockets and key.
        folder : str
            Folder that it works in.
        variables : dict of str to str
            Its environment.
        """
        message = json.dumps([connection_file, folder, variables]).encode()
        with os.fdopen(self._writer, "wb") as pipe:
            pipe.write(message)
        self._writer = -1

    def poll(self) -> int | None:
        """Give the exit code, negative for a signal; None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int | None:
        """Wait until it ends and give the exit code."""
        return self._wait(0)

    def send_signal(self, number: int) -> None:
        """Send a signal, if it still runs.

        Parameters
        ----------
        number : int
            The signal.
        """
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """Kill it if it runs, and forget it."""
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1
        self.kill()
        self.wait()

    def _wait(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status, usage = os.wait4(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
                self.peak_bytes = usage.ru_maxrss * _KIBIBYTE
        return self.returncode


class ForkedProvisioner(LocalProvisioner):
    """Lets Jupyter's client start a kernel that was forked before."""

    async def launch_kernel(
        self,
        cmd: list[str],  # noqa: ARG002 - the kernel specification's, not needed
        **kwargs: Any,  # noqa: ANN401 - Jupyter's own signature
    ) -> KernelConnectionInfo:
        """Hand the connection file to the waiting process.

        Parameters
        ----------
        cmd : list of str
            How a fresh kernel would be started.
        **kwargs
            `forked`, the waiting process; `cwd` and `env`.

        Returns
        -------
        dict
            How to reach the kernel.
        """
        forked: ForkedKernel = kwargs["forked"]
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        connection_file = str(self.parent.connection_file)  # type: ignore[union-attr]
        forked.begin(connection_file, str(self.cwd), dict(kwargs["env"]))
        return self.connection_info


class KernelEngine(NBClientEngine):  # type: ignore[misc]
    """Papermill's own engine over a kernel that is given to it."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,  # noqa: ANN401
        kernel_name: str,
        log_output: bool = False,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        """Run the cells.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook.
        kernel_name : str
            Name of the kernel's specification.
        log_output : bool
            Whether outputs go to papermill's log.
        start_timeout, execution_timeout : int
            Seconds for the start and for each cell.
        **kwargs
            `kernel`, the `Kernel`; `config`, its sockets; and `target`, the file for
            the notebook of a kernel that does not answer any more.
        """
        client = PapermillNotebookClient(
            nb_man,
            kernel_name=kernel_name,
            log_output=log_output,
            startup_timeout=start_timeout,
            timeout=execution_timeout,
            shutdown_kernel="immediate",
            record_timing=False,
            config=kwargs["config"],
        )
        try:
            client.execute(**kwargs["kernel"].start)
        except (CellTimeoutError, DeadKernelError):
            nbformat.write(nb_man.nb, kwargs["target"])  # as far as it came
            raise


papermill_engines.register(ENGINE, KernelEngine)


@contextmanager
def open_kernel(log: Path) -> Iterator[Kernel]:
    """Give a kernel for one notebook, and let nothing of it be left.

    Parameters
    ----------
    log : pathlib.Path
        File that takes what the kernel's process itself prints.

    Yields
    ------
    Kernel
        Forked from this process where that is safe. To be opened before an event loop
        runs here.
    """
    if not CAN_FORK:
        with log.open("wb") as file:
            yield FreshKernel({"stdout": file, "stderr": file})
        return
    KernelProvisionerFactory.instance().default_provisioner_name = PROVISIONER
    kernel = ForkedKernel(log)
    try:
        yield kernel
    finally:
        kernel.end()


def _become_kernel(reader: int, log: Path) -> NoReturn:
    """Wait for the connection file, then serve until the client ends the kernel."""
    status = 1
    try:
        die_with_parent()
        os.setsid()
        with os.fdopen(reader, "rb") as pipe:
            message = pipe.read()
        if message:
            connection_file, folder, variables = json.loads(message)
            _settle(log, folder, variables)
            _serve(connection_file)
        status = 0
    except BaseException:  # the process ends here: its log tells why
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _settle(log: Path, folder: str, variables: dict[str, str]) -> None:
    """Give the process its own folder, environment, signals and files."""
    os.closerange(_FIRST_OWN_DESCRIPTOR, os.sysconf("SC_OPEN_MAX"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _serve(connection_file: str) -> None:
    """Be a kernel; a pyplot that is warm draws inline only when asked."""
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(["-f", connection_file, "--matplotlib=inline"])
