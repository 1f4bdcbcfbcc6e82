#!/bin/sh
# The npm packages that the end-to-end tests need, by their lock files, into the build directory:
# BUILD/npm (the JavaScript SDK, and what our results are compared with) and BUILD/ric (AWS's own
# Node runtime client).
#
#   test/e2e/install.sh BUILD [npm|ric]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)

# Whether what lies in DIRECTORY was installed by this very lock file.
is_current() {
    cmp -s "$1/package-lock.json" "$1/installed-lock.json"
}

install_sdk() {
    mkdir -p "$build/npm"
    cp "$here/package.json" "$here/package-lock.json" "$build/npm"
    is_current "$build/npm" && return
    echo "Installing the JavaScript SDK and the packages to compare with, for the tests"
    (cd "$build/npm" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    cp "$build/npm/package-lock.json" "$build/npm/installed-lock.json"
}

install_ric() {
    mkdir -p "$build/ric"
    cp "$here/ric/package-lock.json" "$build/ric"
    is_current "$build/ric" && return
    echo "Building AWS's Node runtime client for the tests"
    if "$here/ric/install.sh" "$build/ric" >"$build/ric.log" 2>&1; then
        cp "$build/ric/package-lock.json" "$build/ric/installed-lock.json"
    else
        echo "It does not build here (see $build/ric.log); its tests are skipped"
    fi
}

[ "${2:-npm}" != npm ] || install_sdk
[ "${2:-ric}" != ric ] || install_ric
