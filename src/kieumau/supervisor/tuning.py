"""Server settings for one programme office's machine, or for a test run that may forget everything."""

import os
from pathlib import Path

from kieumau.supervisor.postmaster import PORT

_MEGABYTE = 1 << 20
_SMALL_SHARED_MEMORY = 512 * _MEGABYTE


def server_options(socket_dir: Path, *, durable: bool) -> dict[str, str]:
    """Every setting that differs from PostgreSQL's own, as `postgres -c name=value` takes it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    options = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{max(16, min(512, memory // 4))}MB",
        "effective_cache_size": f"{max(64, memory // 2)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB" if memory > 4096 else "64MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_level": "minimal",  # nobody replicates a trial; loading into new tables skips the log
        "max_wal_senders": "0",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than our short queries take
        "lc_messages": "C",
        "log_timezone": "UTC",
    }
    if _shared_memory() < _SMALL_SHARED_MEMORY:
        options["dynamic_shared_memory_type"] = "mmap"  # containers often give /dev/shm 64 MB
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return options


def _shared_memory() -> int:
    """Size of /dev/shm in bytes; plenty where there is no such thing."""
    try:
        found = os.statvfs("/dev/shm")
    except OSError:
        return _SMALL_SHARED_MEMORY
    return found.f_frsize * found.f_blocks
