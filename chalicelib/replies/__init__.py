"""Reads what a company's account answered: does it help, is it automatic, what does it promise until when."""
