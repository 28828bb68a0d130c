"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from kieumau.config.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
application = get_wsgi_application()
warm()
