#!/bin/sh
# Installs the Debian packages that a task needs and that are missing, after saying so.
#
#   tools/need.sh build|test|bench|fuzz...
set -eu

build="gcc libc6-dev make meson ninja-build pkg-config libssl-dev libyaml-dev libunistring-dev unicode-data libseccomp-dev libidn2-dev \
libzip-dev libexpat1-dev zlib1g-dev"
run="nodejs python3"
test="$build $run npm cmake g++ autoconf automake libtool openssl libnode-dev age awscli \
python3-boto3 python3-yaml curl procps util-linux"
bench="$test libpcre2-dev bubblewrap wrk"
fuzz="$build clang libclang-rt-14-dev"
install="$build"

packages=""
for task in "$@"; do
    case $task in
    build) packages="$packages $build $run" ;;
    test) packages="$packages $test" ;;
    bench) packages="$packages $bench" ;;
    fuzz) packages="$packages $fuzz" ;;
    install) packages="$packages $install" ;;
    *) echo "need.sh: '$task' is not a task" >&2; exit 2 ;;
    esac
done

# A program that came from elsewhere serves as well as Debian's.
is_there() {
    case $1 in
    nodejs) command -v node >/dev/null ;;
    libnode-dev) [ -e /usr/include/node/node.h ] ;;
    npm | gcc | make | meson | cmake | age | curl | openssl | clang) command -v "$1" >/dev/null ;;
    *) dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed ;;
    esac
}

missing=""
for package in $packages; do
    case " $missing " in *" $package "*) continue ;; esac
    is_there "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "fnward needs the equivalents of these Debian packages:$missing" >&2
    exit 3
fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    sudo="sudo"
    if ! command -v sudo >/dev/null; then
        echo "These Debian packages are missing; as root: apt-get install$missing" >&2
        exit 3
    fi
fi
echo "Installing what is missing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
