"""The course as pages: to read, and to work on in a browser."""
