"""The HTML report: one file that needs no network. ``page.js`` draws the data that ``data.py`` embeds."""
