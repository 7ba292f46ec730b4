"""`python -m vaultlint`."""

from vaultlint.cli import main

if __name__ == "__main__":
    main(prog_name="vaultlint")
