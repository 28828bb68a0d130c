"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from kieumau.accounts.serving import refuse_as_owner
from kieumau.config.warming import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kieumau.config.settings")
refuse_as_owner(os.environ)
application = get_wsgi_application()
warm()
