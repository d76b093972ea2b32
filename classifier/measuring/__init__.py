"""How well a model does, on what never taught it: figures, gates and the card; from figures nothing follows."""
