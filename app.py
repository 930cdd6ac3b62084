"""Genomics Studio: `streamlit run app.py`. Only a router; each page is a script in `pages/`."""

from pages.ui import shell

shell.route()
