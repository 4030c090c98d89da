"""The connection between page and kernel, without a wait that makes every slider slow."""

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each message at once.

    A kernel answers a moved slider with several small messages. By default the operating system holds the second
    back until the browser has acknowledged the first (Nagle's algorithm), and the browser takes its time (delayed
    acknowledgement): 30 to 40 ms for nothing.
    """

    def connect(self) -> Any:
        """Connects as ever, with the wait switched off; returns what is to be awaited."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
