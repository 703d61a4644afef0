"""An inference server somewhere else, spoken to by the Open Inference Protocol: ours, Triton or KServe."""
