"""How JupyterLab is set up: what `lab` passes on is understood, and the connection to the kernel does not wait."""

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection

from autograder import lab
from autograder.lab.connection import PromptConnection


def test_the_server_takes_the_connection_that_does_not_wait() -> None:
    app = ServerApp()
    app.parse_command_line([option for option in lab.options() if option.startswith("--ServerApp")])
    assert app.kernel_websocket_connection_class is PromptConnection


def test_it_switches_the_wait_off_and_then_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []

    class Handler:
        def set_nodelay(self, value: bool) -> None:
            done.append(value)

    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", lambda self: done.append("connected"))
    monkeypatch.setattr(PromptConnection, "websocket_handler", Handler())
    PromptConnection.__new__(PromptConnection).connect()
    assert done == [True, "connected"]
