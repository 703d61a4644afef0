"""The image classifier: MobileNetV2 in ONNX Runtime."""

import os

# Official builds of ONNX Runtime report every session to Microsoft and store an identifier in ~/.cache, unless this is
# set before they are loaded. Tintype processes private images, so it disables this.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
