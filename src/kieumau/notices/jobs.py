"""Mail is sent every few minutes; who wants it by day gets it at seven."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kieumau.notices.mailing import send_mail


@app.periodic(cron="*/5 * * * *")
@app.task(queue="mail", queueing_lock="mail")
def send_waiting_mail(timestamp: int) -> None:
    """Send what waits; see `mailing.send_mail`. The time at which it was due does not matter.

    A lock of the queue would hold for ever behind a worker that died with one job while another waits: what
    keeps two from sending at once is a lock of the connection, in `send_mail`.
    """
    send_mail(now=timezone.now())
