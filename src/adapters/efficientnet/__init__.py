"""EfficientNet-Lite0, the default model: its published weights and the graph built from them."""
