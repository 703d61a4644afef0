"""Models from the network, as archives."""
