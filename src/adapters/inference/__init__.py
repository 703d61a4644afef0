"""The client of a remote inference server with the Open Inference Protocol: Tintype's own, Triton or KServe."""
