"""Records: the contract, the Delta Lake table that keeps every vintage, and the extracts that fill it."""
