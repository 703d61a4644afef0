"""Converts TensorFlow networks to ONNX, in a separate environment."""
