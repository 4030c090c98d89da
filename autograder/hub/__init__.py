"""The course on a JupyterHub: one machine, one exchange, as many classes as there are."""
