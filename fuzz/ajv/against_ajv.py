"""Verdicts on random schemas and documents against Ajv's, the same ones every time."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "test/e2e"))
import tap  # noqa: E402 (the path tells where it is)
from differ import BATCH, Differ  # noqa: E402
from generate import ORDER  # noqa: E402

SCHEMAS = 200  # of each draft


def main():
    judge, packages = sys.argv[1], pathlib.Path(sys.argv[2])
    if not (packages / "node_modules/ajv-draft-04").is_dir():
        tap.skip("the npm packages are not installed: test/e2e/install.sh BUILD")
        tap.end()
    for draft in ORDER:
        differ = Differ(judge, packages)
        for seed in range(0, SCHEMAS, BATCH):
            differ.run_batch(range(seed, seed + BATCH), draft)
        differ.close()
        counts = differ.counts
        tap.check(counts["differ"] == 0 and counts["documents"] > 10 * SCHEMAS,
                  f"draft {draft}: {counts['documents']} documents of {counts['schemas']} schemas "
                  f"are judged as Ajv judges them, or it is known why not")
        tap.check(counts["documents"] * 0.2 < counts["accepted"] < counts["documents"] * 0.8,
                  f"draft {draft}: some are valid, and some are not")
    tap.end()


main()
