#!/usr/bin/env bash
# Compiles the mediasoup worker from the sources inside the npm package, with nothing but Debian's packages: for machines
# where mediasoup's own prebuilt binary does not run or can not be downloaded. Four to ten minutes on two cores.
#
#   build.sh [--end-with-stdin] OUTPUT_FILE [MEDIASOUP_DIR]
#
# MEDIASOUP_DIR is the installed npm package (this project's node_modules/mediasoup by default). With --end-with-stdin
# everything stops when standard input closes, as it does when the caller dies.
#
# The worker's meson.build is used as it is, but for the meson version that it asks for. It would download seven libraries;
# each is replaced by a small project in overlay/ that stands in its place:
#
#   libuv, openssl    Debian's static libraries
#   flatbuffers       Debian's compiler and headers
#   libsrtp3          Debian's libsrtp 2.5 behind a header with the calls of version 3
#   abseil-cpp        names of the standard library (four are used)
#   unordered-dense   standard containers behind its interface
#   catch2            left out: only the worker's own tests need it
#
# libsrtp 2 is built from Debian's source package against OpenSSL, since the packaged library does its cryptography in NSS,
# which is slower; where the source can not be had, the packaged one is used.
#
# Lines beginning with "== " say what is going on, "!! " what stopped it; ninja's "[n/m]" lines tell the progress.
#
# Environment, all optional:
#   BUILD_DIR   scratch folder, emptied before and after  (beside OUTPUT_FILE)
#   LIBSRTP     auto | source | system                    (auto: source, else system)
#   JOBS        compile jobs                              (number of cores)
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
END_WITH_STDIN=0
if [[ "${1:-}" == --end-with-stdin ]]; then
  END_WITH_STDIN=1
  shift
fi
OUT="$(realpath -m "${1:?usage: build.sh [--end-with-stdin] OUTPUT_FILE [MEDIASOUP_DIR]}")"
MEDIASOUP_DIR="${2:-$HERE/../../node_modules/mediasoup}"
BUILD_DIR="${BUILD_DIR:-$OUT.build}"
LIBSRTP="${LIBSRTP:-auto}"
JOBS="${JOBS:-$(nproc)}"

say() { printf '== %s\n' "$*"; }
give_up() {
  printf '!! %s\n' "$*"
  exit 1
}

if ((END_WITH_STDIN)); then
  # A job in the background gets /dev/null as its input, hence the copy. The whole process group ends, compilers included.
  exec 3<&0
  (
    read -r _ <&3 || true
    kill -TERM 0
  ) &
  WATCHER=$!
  trap 'kill "$WATCHER" 2>/dev/null || true' EXIT
fi

# ------------------------------------------------------------------------------------------------------ Debian's packages
command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
  give_up "Only Debian and its relatives are supported for compiling the media worker; set MEDIASOUP_WORKER_BIN to a mediasoup worker instead."

is_installed() { [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null || true)" == installed ]]; }

LISTS_UPDATED=0
need() { # need PACKAGE... : installs those that are missing
  local package missing=()
  for package in "$@"; do is_installed "$package" || missing+=("$package"); done
  ((${#missing[@]})) || return 0
  [[ "$(id -u)" == 0 ]] ||
    give_up "Compiling the media worker needs packages that only root can install: apt-get install ${missing[*]}"
  say "Installing ${missing[*]}"
  ((LISTS_UPDATED)) || apt-get update -qq || true
  LISTS_UPDATED=1
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
    give_up "These packages, needed to compile the media worker, could not be installed: ${missing[*]}"
}
need g++ meson ninja-build pkg-config dpkg-dev libuv1-dev libssl-dev libflatbuffers-dev flatbuffers-compiler

# ---------------------------------------------------------------------------------------------------- the worker's sources
[[ -f "$MEDIASOUP_DIR/worker/meson.build" ]] || give_up "The mediasoup package with its sources is not installed (npm install)."
VERSION="$(sed -n 's/^\t"version": "\(.*\)",$/\1/p' "$MEDIASOUP_DIR/package.json")"
say "Preparing the sources of mediasoup $VERSION"
rm -rf "$BUILD_DIR"
mkdir -p "$BUILD_DIR" "$(dirname "$OUT")"
cp -r "$MEDIASOUP_DIR/worker" "$BUILD_DIR/worker"
WORKER="$BUILD_DIR/worker"
PROJECTS="$WORKER/subprojects"
# Debian 12 has meson 1.0; nothing newer is used.
sed -i "s/^  meson_version: .*/  meson_version: '>= 1.0.0',/" "$WORKER/meson.build"

# OpenSSL asks the worker's BIO whether the kernel does TLS. The worker's callback answers 1 to every such question. Where
# OpenSSL was built without kernel TLS the question never comes; Debian's asks, believes it, has no buffer to write to and
# crashes the worker in the first DTLS handshake. With this change the true answers pass.
DTLS="$WORKER/src/RTC/DtlsTransport.cpp"
grep -q '(operationType == BIO_CB_RETURN) ?' "$DTLS" ||
  give_up "mediasoup $VERSION differs from what this script knows (the BIO callback in DtlsTransport.cpp); it must be looked at first."
sed -i 's/(operationType == BIO_CB_RETURN) ?/((operationType \& BIO_CB_RETURN) != 0) ?/' "$DTLS"

rm -rf "$PROJECTS"
cp -r "$HERE/overlay" "$PROJECTS"
# The worker declares a shared library as well, never built here, that names a static library of each project.
for project in libuv openssl flatbuffers abseil-cpp libsrtp3; do
  echo "int unused_${project//-/_};" >"$PROJECTS/$project/empty.c"
done

# ---------------------------------------------------------------------------------------------------------------- libsrtp 2
fetch_libsrtp() {
  local dir="$BUILD_DIR/libsrtp2" file
  mkdir -p "$dir/lists/partial" "$dir/parts" "$dir/archives/partial"
  # The sources that this machine's apt knows, asked for source packages, with lists of our own: its set-up is not touched.
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -f "$file" ]] && sed -n 's/^deb /deb-src /p' "$file" >"$dir/parts/$(basename "$file" .list).list"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -f "$file" ]] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$dir/parts/$(basename "$file")"
  done
  local options=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$dir/parts" -o "Dir::State::lists=$dir/lists"
    -o "Dir::Cache=$dir/archives" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update >/dev/null 2>&1 || return 1
  (cd "$dir" && apt-get "${options[@]}" source --download-only libsrtp2 && dpkg-source --no-check -x libsrtp2_*.dsc src) \
    >/dev/null 2>&1 || return 1
  mv "$dir/src" "$PROJECTS/libsrtp2-debian"
}

if [[ "$LIBSRTP" != system ]] && say "Fetching libsrtp" && fetch_libsrtp; then
  LIBSRTP2="subproject('libsrtp2-debian', default_options: ['default_library=static', 'warning_level=0', 'crypto-library=openssl', 'crypto-library-kdf=disabled', 'tests=disabled', 'pcap-tests=disabled', 'doc=disabled', 'fuzzer=disabled']).get_variable('libsrtp2_dep')"
  # Laid out as the installed headers are.
  mkdir -p "$PROJECTS/libsrtp3/include/srtp2"
  cp "$PROJECTS/libsrtp2-debian/include/srtp.h" "$PROJECTS"/libsrtp2-debian/crypto/include/{auth,cipher,crypto_types}.h \
    "$PROJECTS/libsrtp3/include/srtp2/"
  # It asks for whatever OpenSSL there is; static like the worker's own, or there would be two in one process.
  sed -i "s/dependency('openssl', version: '>= 1.1.0', required: true)/dependency('openssl', version: '>= 1.1.0', required: true, static: true)/" \
    "$PROJECTS/libsrtp2-debian/meson.build"
elif [[ "$LIBSRTP" == source ]]; then
  give_up "Debian's source package of libsrtp2 can not be had."
else
  need libsrtp2-dev
  LIBSRTP2="dependency('libsrtp2', version: '>= 2.5.0')"
fi
sed -i "s|@LIBSRTP2@|$LIBSRTP2|" "$PROJECTS/libsrtp3/meson.build"

# ------------------------------------------------------------------------------------------------------------------ compile
say "Configuring"
(cd "$WORKER" && meson setup "$BUILD_DIR/obj" --wrap-mode=nodownload --buildtype=release -Db_ndebug=if-release -Db_pie=true) \
  >"$BUILD_DIR/meson.log" 2>&1 || {
  tail -n 40 "$BUILD_DIR/meson.log"
  give_up "The media worker could not be configured; the lines above say why."
}
say "Compiling with $JOBS jobs"
# Not a terminal, so ninja ends every status with a line break; errors come through as they are.
(cd "$BUILD_DIR/obj" && ninja -j "$JOBS" mediasoup-worker) || give_up "The media worker could not be compiled."

install -m 755 "$BUILD_DIR/obj/mediasoup-worker" "$OUT.new"
strip "$OUT.new"
mv "$OUT.new" "$OUT"
rm -rf "$BUILD_DIR"
say "Compiled $OUT"
