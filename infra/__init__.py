"""What surrounds the product: the deployable template, and running it on this machine."""
