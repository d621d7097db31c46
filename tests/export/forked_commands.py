"""Run command lines one after the other, each in a process of its own, and measure what it takes.

Each line of stdin is `{"module", "arguments", "folder"}` as JSON, and each of stdout `{"status", "complaint",
"megabytes", "seconds"}`: exit status, stderr, peak resident memory, and CPU time with that of processes
that it started. What they import is imported once, TensorFlow too, which starts no thread before it computes.
"""

import json
import os
import resource
import signal
import sys
import tempfile
from pathlib import Path

from train.console.entry import run
from train.console.quiet import import_tensorflow

LONGEST_S = 120


def measured(case: dict[str, object]) -> dict[str, object]:
    with tempfile.TemporaryFile() as complaint:
        child = os.fork()
        if not child:
            signal.alarm(LONGEST_S)
            os.dup2(complaint.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.chdir(str(case["folder"]))
            sys.argv = [str(case["module"]), *map(str, case["arguments"])]  # type: ignore[call-overload]
            try:
                run(f"{case['module']}.cli")
            except SystemExit as done:
                os._exit(int(done.code or 0))
            except BaseException as error:
                os.write(2, f"uncaught: {error!r}".encode())
                os._exit(99)
        _, status, usage = os.wait4(child, 0)
        complaint.seek(0)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "complaint": complaint.read().decode(errors="replace"),
            "megabytes": usage.ru_maxrss / 1000,
            "seconds": usage.ru_utime + usage.ru_stime,
        }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, it is this that ends
    import_tensorflow()
    for line in sys.stdin:
        print(json.dumps(measured(json.loads(line))), flush=True)
