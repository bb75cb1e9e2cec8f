"""Refusals as psrpc has them."""


class RpcError(Exception):
    """A refusal as psrpc has it: one of its codes and a text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
