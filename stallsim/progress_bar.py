"""A progress bar that leaves the cursor visible: after a SIGQUIT nobody could show it again."""

from rich.progress import Progress


class ProgressBar(Progress):
    """Rich's, which hides it."""

    def start(self) -> None:
        """Draw, as far as there is a terminal."""
        try:
            super().start()
        finally:  # a signal may raise in between
            if not self.disable:
                self.console.show_cursor(True)
