"""Stands where JupyterLite's kernel looks for its installer. Everything the course needs is there from the start."""
