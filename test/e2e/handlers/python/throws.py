raise ValueError("no good start")
