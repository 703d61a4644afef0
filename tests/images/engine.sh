#!/bin/sh
# Docker Engine, Compose and Buildx out of Debian 13's packages, in a folder of their own: for Debian 12, whose own are
# too old for compose.yaml. Debian 12 brings the rest: apt-get install debootstrap iptables runc tini
#
#   eval "$(tests/images/engine.sh FOLDER)" && make test-images
set -eu
folder=$(realpath --canonicalize-missing "$1")

mkdir -p "$folder/lists/partial" "$folder/packages" "$folder/docker/cli-plugins"
# The mirror that this machine takes Debian's packages from.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep --max-count=1 '/debian/*$')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" \
	>"$folder/sources.list"
apt_13() {
	apt-get --quiet --quiet -o APT::Sandbox::User=root -o Dir::Etc::SourceList="$folder/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$folder/lists" -o Dir::Cache="$folder" \
		-o Dir::State::Status=/dev/null "$@" >&2
}
if ! [ -x "$folder/root/usr/sbin/dockerd" ]; then
	apt_13 update
	(cd "$folder/packages" && apt_13 download containerd docker-buildx docker-cli docker-compose docker.io)
	for package in "$folder"/packages/*.deb; do dpkg-deb --extract "$package" "$folder/root"; done
	ln -sf "$folder"/root/usr/libexec/docker/cli-plugins/* "$folder/docker/cli-plugins/"
	ln -sf "$(command -v tini-static || command -v tini)" "$folder/root/usr/bin/docker-init"
	rm -rf "$folder/packages" "$folder/lists"
fi
echo "export PATH='$folder/root/usr/bin:$folder/root/usr/sbin:$PATH' DOCKER_CONFIG='$folder/docker'"
