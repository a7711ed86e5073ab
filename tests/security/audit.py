"""Asks pip-audit whether a pinned package has a known weakness (`make audit`), and believes no silence.

Where PyPI cannot be asked, or does not know a package, pip-audit finds nothing and is content.
"""

from __future__ import annotations

import json
import subprocess
import sys

UNKNOWN = 3
"""Exit status where not every package could be looked up."""


def verdict(output: str, errors: str) -> tuple[int, list[str]]:
    """The exit status (0 all is well, 1 a weakness is known, 3 not all is known) and the lines to print."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = (errors.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return UNKNOWN, [f"nothing is known, not even that all is well: {why[:300]}"]
    weak = [
        f"{one['name']} {one['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'no version'}"
        for one in packages
        for found in one.get("vulns", [])
    ]
    skipped = [one["name"] for one in packages if "skip_reason" in one]
    if not packages or skipped:
        some = f" ({', '.join(skipped[:3])} …)" if skipped else ""
        weak.append(
            f"{len(skipped)} of {len(packages)} packages could not be looked up{some}: nothing is known of them"
        )
    if not weak:
        return 0, [f"{len(packages)} packages: no known weakness"]
    return (1 if any(one.get("vulns") for one in packages) else UNKNOWN), weak


def main(program: str) -> int:
    """Run the pip-audit at the path `program` over the lock file."""
    told = [
        "--disable-pip",
        "--require-hashes",
        "-r",
        "requirements.lock",
        "--progress-spinner",
        "off",
        "-f",
        "json",
    ]
    done = subprocess.run([program, *told], capture_output=True, text=True, check=False)
    status, lines = verdict(done.stdout, done.stderr)
    print("\n".join(lines))  # noqa: T201  its output
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
