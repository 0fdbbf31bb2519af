"""Makes the classifier's model from the project's own messages, and measures it."""
