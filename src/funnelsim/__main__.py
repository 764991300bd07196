"""``python -m funnelsim``."""

from funnelsim.cli.main import main

if __name__ == "__main__":
    main()
