"""The eye: MobileNetV2 in ONNX Runtime."""

import os

# ONNX Runtime's official builds tell Microsoft about every session, and keep an identifier in ~/.cache, unless this is
# set before they are loaded. Tintype looks at people's pictures: it tells nobody.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
