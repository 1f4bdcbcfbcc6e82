"""bomb: forks until the system refuses, and tells how far it came."""

import os
import signal

ENOUGH = 500  # so that a machine survives it without a cage


def handler(event, context):
    children = []
    try:
        while len(children) < ENOUGH:
            child = os.fork()
            if child == 0:
                signal.pause()
            children.append(child)
        return {"children": len(children), "refused": None}
    except OSError as refused:
        return {"children": len(children), "refused": str(refused)}
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
