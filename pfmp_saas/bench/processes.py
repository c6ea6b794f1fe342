"""Processor time of other processes, from what Linux tells of them."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_CPU_CLOCK = 2  # CPUCLOCK_SCHED of the kernel: a process's own time, to the nanosecond


def cpu_seconds(process: int) -> float:
    """Return the processor time of one process so far, all its threads; 0 where it has ended or can't be asked.

    A process's clock is numbered from its identifier (Linux, clock_getcpuclockid(3)): /proc counts in hundredths of a
    second, too coarse for one request.
    """
    try:
        return time.clock_gettime((~process << 3) | _CPU_CLOCK)
    except OSError:
        return 0.0


def family(process: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    members = [process]
    for member in members:
        members += children.get(member, [])
    return members


def family_seconds(process: int) -> float:
    """Return the processor time of a process and of its descendants, of those too that it has buried."""
    return sum(cpu_seconds(member) + _buried(member) for member in family(process))


def together(processes: Iterable[int]) -> float:
    """Return the processor time of several processes."""
    return sum(cpu_seconds(process) for process in processes)


def _buried(process: int) -> float:
    """Return the processor time of the children that a process has waited for (cutime and cstime)."""
    fields = _stat(process)
    return (int(fields[13]) + int(fields[14])) / _TICKS if fields else 0.0


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/…/stat from the third (state) on; none when the process has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return []
