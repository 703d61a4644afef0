#!/bin/sh
# Write the digests of the public base images into the Dockerfile and compose.yaml: make pin-images. Needs access to the
# registry.
set -eu

for image in debian:trixie-slim pgvector/pgvector:pg18; do
	digest=$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "$image")
	sed -E -i "s|$image(@sha256:[0-9a-f]{64})?|$image@$digest|" Dockerfile compose.yaml
	echo "$image is $digest"
done
