"""The program `tongket`, also as `python -m pipeline`.

Its commands are imported only once it runs: processes that read import this module again, as Python's `multiprocessing`
does with the one that a program began in, and need none of them.
"""


def main() -> None:
    """`tongket` with the arguments of the command line: `tongket extract bai-viet.txt`."""
    from pipeline.cli import main as program  # noqa: PLC0415 (see above)

    program()


if __name__ == "__main__":
    main()
