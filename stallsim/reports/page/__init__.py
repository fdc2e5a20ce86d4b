"""The HTML report: one file that needs no network. ``page.js`` draws what ``data.py`` embeds."""
