"""The work queue's verbs."""

from apps.work.services.leases import Lease, claim, give_back, renew, return_expired
from apps.work.services.queue import enqueue, has_waiting, poke
from apps.work.services.slices import run_slice

__all__ = [
    "Lease", "claim", "enqueue", "give_back", "has_waiting", "poke", "renew", "return_expired", "run_slice",
]  # fmt: skip
