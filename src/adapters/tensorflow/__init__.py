"""TensorFlow networks made ONNX, in an environment of their own."""
