"""The toll: what is counted, the claims it becomes, and how they compare."""
