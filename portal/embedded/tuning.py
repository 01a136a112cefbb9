"""How the embedded server is set: safe by default, fast where its data are thrown away."""

import os

MEBIBYTE = 1024 * 1024


def _memory_mib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE


def _common() -> dict[str, str]:
    return {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "jit": "off",
        "max_parallel_workers_per_gather": "0",  # small containers have little shared memory for it
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %d ",
        "random_page_cost": "1.1",
        "work_mem": "16MB",
        "default_text_search_config": "pg_catalog.simple",
    }


def durable_options() -> dict[str, str]:
    """For data that must not be lost: every commit is on the disk before it is answered."""
    memory = _memory_mib()
    return _common() | {
        "shared_buffers": f"{min(512, max(64, memory // 8))}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "maintenance_work_mem": "128MB",
        "synchronous_commit": "on",
        "wal_compression": "on",
        "wal_level": "minimal",  # nobody follows this server: what is made anew goes to the disk once, not twice
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "idle_in_transaction_session_timeout": "5min",
        "log_checkpoints": "off",
    }


def disposable_options() -> dict[str, str]:
    """For data nobody will miss after a power cut."""
    return _common() | {
        "shared_buffers": "128MB",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "2GB",
        "log_checkpoints": "off",
    }
