"""How the weights are made, from data and from our own letters; the only part that needs the `training` extra."""
