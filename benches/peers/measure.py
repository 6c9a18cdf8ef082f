"""What a command costs: wall, processor time and memory, of the command and all that it starts and waits for."""

import os
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TIME = Path("/usr/bin/time")


@dataclass
class Cost:
    """Seconds, seconds, bytes."""

    wall: float
    cpu: float
    memory: int


class Failed(Exception):
    """The command ended in an error; its last words."""


def run(command, cwd, env, log):
    """Runs a command to its end and tells what it cost.

    Memory is the resident peak of the single largest process. A process inherits the peak of the one that started it
    until it has its own, and this Python is as large as kymo, so the command is started by the tiny `time` of GNU, which
    asks for the same numbers; without it small peaks are those of this program.
    """
    report = log.with_suffix(".rss")
    wrapped = [str(TIME), "-q", "-f", "%M", "-o", str(report), *command] if TIME.exists() else command
    with log.open("wb") as out:
        begun = time.perf_counter()
        child = subprocess.Popen(wrapped, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(" / ".join(log.read_text(errors="replace").strip().splitlines()[-3:]) or f"exit {child.returncode}")
    kilobytes = int(report.read_text()) if TIME.exists() else usage.ru_maxrss
    return Cost(wall, usage.ru_utime + usage.ru_stime, kilobytes * 1024)


def median(costs):
    """The median of each number by itself."""
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "memory")))


def ratios(pairs):
    """The median, over pairs of (peer, kymo) measured one after the other, of how many times the peer takes."""
    wall = statistics.median(peer.wall / kymo.wall for peer, kymo in pairs)
    cpu = statistics.median(peer.cpu / kymo.cpu for peer, kymo in pairs)
    memory = statistics.median(peer.memory / kymo.memory for peer, kymo in pairs)
    return Cost(wall, cpu, memory)
