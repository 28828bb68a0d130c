"""`kieumau worker`: does in the background what would keep a person waiting."""

import asyncio
import contextlib
from typing import Annotated

import typer
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from kieumau.cli.say import Lang, tell

BEAT = 2.0  # seconds between two signs of life
DEAD_AFTER = 8.0  # seconds without one


def worker(
    once: Annotated[bool, typer.Option(help="Làm hết việc rồi dừng · stop when nothing is left")] = False,
    lang: Lang = "",
) -> None:
    """Làm việc nền: chuẩn bị đợt đánh giá, gửi thông báo · Work in the background; any number may run."""
    if not once:
        tell("Đang chờ việc (Ctrl-C để dừng)", "Waiting for work (Ctrl-C to stop)", lang)
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("a worker begins with the connection of Django")
    with app.replace_connector(connector.get_worker_connector()) as working:
        asyncio.run(_work(working, once=once))


async def _work(working: App, *, once: bool) -> None:
    async with working.open_async():
        await take_up_again(working)
        again = asyncio.create_task(_keep_taking_up(working))
        try:
            await working.run_worker_async(
                wait=not once,
                concurrency=1,
                fetch_job_polling_interval=BEAT,
                update_heartbeat_interval=BEAT,
                stalled_worker_timeout=DEAD_AFTER,
                delete_jobs="successful",
            )
        finally:
            again.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await again


async def _keep_taking_up(working: App) -> None:
    while True:
        await asyncio.sleep(DEAD_AFTER / 2)
        await take_up_again(working)


async def take_up_again(working: App) -> None:
    """Put back what workers were doing that have given no sign of life; another one does it meanwhile."""
    stalled = await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER)
    for job in stalled:
        with contextlib.suppress(ConnectorException):  # another worker was faster
            await working.job_manager.retry_job(job)
