"""`kieumau worker`: does in the background what would keep a person waiting."""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import Annotated

import typer
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from kieumau.cli.say import Lang, tell

MAIL = "mail"
BEATS = 4  # signs of life within the time after which a worker counts as dead


def worker(
    once: Annotated[bool, typer.Option(help="Làm hết việc rồi dừng · stop when nothing is left")] = False,
    dead_after: Annotated[
        float,
        typer.Option(help="Giây im lặng thì coi là đã chết · seconds of silence that mean dead", min=1),
    ] = 8.0,
    beside: Annotated[bool, typer.Option(hidden=True, help="end with whoever holds standard input")] = False,
    lang: Lang = "",
) -> None:
    """Làm việc nền: chuẩn bị đợt đánh giá, gửi thông báo · Work in the background; any number may run."""
    if beside:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    if not once:
        tell("Đang chờ việc (Ctrl-C để dừng)", "Waiting for work (Ctrl-C to stop)", lang)
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("a worker begins with the connection of Django")
    with app.replace_connector(connector.get_worker_connector()) as working:
        asyncio.run(_work(working, once=once, dead_after=dead_after))


def _end_with_parent() -> None:
    """A server that was killed stops nobody; but its end of the pipe closes."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


async def _work(working: App, *, once: bool, dead_after: float) -> None:
    async with working.open_async():
        await take_up_again(working, dead_after)
        again = asyncio.create_task(_keep_taking_up(working, dead_after))
        both = [
            asyncio.create_task(_run(working, [MAIL], once=once, dead_after=dead_after, is_first=True)),
            asyncio.create_task(
                _run(working, _others(working), once=once, dead_after=dead_after, is_first=False)
            ),
        ]
        try:  # where one was told to stop, or broke, the other ends what it is doing
            await asyncio.wait(both, return_when=asyncio.ALL_COMPLETED if once else asyncio.FIRST_COMPLETED)
        finally:
            for one in both:
                one.cancel()
            ended = await asyncio.gather(*both, return_exceptions=True)
            again.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await again
        for outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome


async def _run(working: App, queues: list[str], *, once: bool, dead_after: float, is_first: bool) -> None:
    """One job at a time of some queues. The first one alone hears the signals."""
    await working.run_worker_async(
        queues=queues,
        wait=not once,
        concurrency=1,
        install_signal_handlers=is_first,
        fetch_job_polling_interval=dead_after / BEATS,
        update_heartbeat_interval=dead_after / BEATS,
        stalled_worker_timeout=dead_after,
        delete_jobs="successful",
    )


def _others(working: App) -> list[str]:
    """Every queue but that of mail, which must wait for no round and keep none waiting."""
    working.perform_import_paths()  # type: ignore[no-untyped-call]  # of procrastinate
    return sorted({task.queue for task in working.tasks.values()} - {MAIL})


async def _keep_taking_up(working: App, dead_after: float) -> None:
    while True:
        await asyncio.sleep(dead_after / 2)
        await take_up_again(working, dead_after)


async def take_up_again(working: App, dead_after: float) -> None:
    """Put back what workers were doing that have given no sign of life; another one does it meanwhile."""
    stalled = await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=dead_after)
    for job in stalled:
        with contextlib.suppress(ConnectorException):  # another worker was faster
            await working.job_manager.retry_job(job)
