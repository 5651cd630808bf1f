"""Rendering: from the executed notebook to HTML, PDF and files."""
