#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# Installs what building, testing and the program need, with apt-get (Debian, Ubuntu); elsewhere says what that is.
#
#   ./bootstrap.sh           installs what is missing; quick when nothing is
#   ./bootstrap.sh --check   only says what is missing; exit status 1 if anything is
set -eu

# What builds lastbit, and the header-only libraries under it
packages="g++ clang cmake ninja-build ccache python3 libxsimd-dev libboost-dev libzip-dev nlohmann-json3-dev"
# The program: command line, text, and the BLAS libraries whose answers it compares
packages="$packages libcli11-dev libfmt-dev libopenblas0 libblis4 libblas3"
# The plots of its page: D3, which becomes part of the program
packages="$packages node-d3"
# The tests: frameworks, random inputs, and an independent arithmetic to be judged by
packages="$packages catch2 libgtest-dev libgmock-dev librapidcheck-dev libmpfr-dev"
# Libraries that we did not write, which the tests verify (with the BLAS libraries above)
packages="$packages libeigen3-dev libdnnl-dev"
# A browser, in which the page is looked at
packages="$packages chromium"

check_only=no
case "${1-}" in
    "") ;;
    --check) check_only=yes ;;
    *)
        sed -n '3,6s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    cat <<TEXT
bootstrap.sh installs packages with apt-get, which this system does not have. Please install, by whatever means it has:
  a compiler    GCC >= 12 or Clang >= 14
  tools         CMake >= 3.25, Ninja, Python >= 3.9; ccache if you build often
  headers       xsimd >= 8.1, Boost >= 1.74, nlohmann-json, CLI11, {fmt}, libzip
  tests         Catch2 >= 2.13, GoogleTest with GoogleMock, rapidcheck, MPFR
  the page      D3 5 to 7 (d3.min.js); to test it, Chromium
  to compare    OpenBLAS, BLIS, the reference BLAS (any of them, at run time)
  to verify     Eigen >= 3.4, oneDNN 2 (any of them)
TEXT
    exit 1
fi

missing=
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
for package in $packages; do
    printf '%s\n' "$installed" | grep -qx -- "$package" || missing="$missing $package"
done

if [ -z "$missing" ]; then
    echo "bootstrap.sh: nothing is missing"
    exit 0
fi
echo "bootstrap.sh: missing:$missing"
[ "$check_only" = no ] || exit 1

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "bootstrap.sh: this needs root, and there is no sudo. As root: apt-get install$missing" >&2
    exit 1
fi
$as_root apt-get update
# shellcheck disable=SC2086  # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
