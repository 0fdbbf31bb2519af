"""The contract: what holds for every platform of the registry, those to come included."""
