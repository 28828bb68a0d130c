"""`kieumau serve`: the application server."""

import os
import socket
from typing import Annotated

import typer
from django.core.management import call_command
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from kieumau.cli.say import Lang, fail, tell
from kieumau.kernel.messages import Problem, Text


def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Cổng · port")] = 8000,
    workers: Annotated[int, typer.Option(help="Số tiến trình · worker processes")] = 2,
    lang: Lang = "",
) -> None:
    """Chạy máy chủ web · Serve the pages."""
    if not is_free(host, port):
        fail(
            [
                Problem(
                    "port-in-use",
                    Text(vi=f"Cổng {port} đang được dùng.", en=f"Port {port} is in use."),
                    Text(vi="Chọn cổng khác: --port 8001.", en="Choose another: --port 8001."),
                )
            ],
            lang,
        )
    call_command("collectstatic", interactive=False, verbosity=0)
    tell(
        f"Kiểu Mẫu: http://{host}:{port}/ (Ctrl-C để dừng)",
        f"Kiểu Mẫu: http://{host}:{port}/ (Ctrl-C to stop)",
        lang,
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
    Server(
        "kieumau.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def is_free(host: str, port: int) -> bool:
    """Can a server listen there now?"""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
