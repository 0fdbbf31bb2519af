"""What Zuständig is made of; `app.py` is its table of contents."""
