"""The worker: analyses images and runs periodic maintenance."""
