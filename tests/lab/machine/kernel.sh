#!/usr/bin/env bash
# Bring the laboratory's kernel into the cache: Debian's own, unpacked and never installed, cut down to the modules it
# needs, with v4l2loopback built against its headers, and the initramfs that boots it.
#
#     tests/lab/machine/kernel.sh CACHE      prints the folder with vmlinuz, initramfs.gz and lib/modules/VERSION
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cache=$(cd "$1" && pwd)

say() { echo "lab: $*" >&2; }
# A folder of root's is none of _apt's business, and apt says so at length unless it is told.
fetch() { (cd "$work" && apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$@" >&2); }
unpack() { for package in "$work/$1"_*.deb; do dpkg --extract "$package" "$2"; done; }

image=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n1)
[[ -n $image ]] || { say "apt knows no linux-image-amd64: run 'apt-get update' and see that Debian's archive is reachable"; exit 1; }
version=${image#linux-image-}
full=$(apt-cache show --no-all-versions "$image" | sed -n 's/^Version: //p')
recipe=$(cat "$here/kernel.sh" "$here/modules" "$here/init" | sha256sum | cut -c1-12)
kernel=$cache/$full-$recipe
[[ -e $kernel/ready ]] && { echo "$kernel"; exit 0; }

say "bringing $image $full (70 MB) and its headers; this is done once"
rm -rf "$cache"/*-"$recipe" "$cache"/work.*
work=$(mktemp -d "$cache/work.XXXX")
trap 'rm -rf "$work"' EXIT
packages=("$image" "linux-headers-$version" "linux-headers-${version%-amd64}-common"
    "linux-kbuild-$(echo "$version" | cut -d. -f1,2)" v4l2loopback-dkms)
fetch "${packages[@]}"
unpack "$image" "$work/image"
for package in "${packages[@]:1}"; do unpack "$package" "$work/build"; done

say "building v4l2loopback for it"
headers=$work/build/usr/src/linux-headers-$version
sed -i "s|/usr/src/|$work/build/usr/src/|" "$headers/Makefile" # it names its other half by where it is installed
loopback=$(echo "$work"/build/usr/src/v4l2loopback-*)
make -s -C "$headers" M="$loopback" modules >"$work/make.log" 2>&1 || { cat "$work/make.log" >&2; exit 1; }
install -D -m644 "$loopback/v4l2loopback.ko" "$work/image/lib/modules/$version/extra/v4l2loopback.ko"
/sbin/depmod --basedir "$work/image" "$version"

# --- only what the laboratory uses ---
with_needs() {
    /sbin/modprobe --dirname "$work/image" --set-version "$version" --show-depends --all "$@" | sed -n 's/^insmod //p'
}
mapfile -t first < <(sed -n '/^# initramfs ends/q; /^[^#]/p' "$here/modules")
mapfile -t all < <(sed -n '/^[^#]/p' "$here/modules")
new=$work/kernel
for module in $(with_needs "${all[@]}" | sort -u); do
    install -D -m644 "$module" "$new/lib/modules/$version/${module#"$work/image/lib/modules/$version/"}"
done
cp "$work/image/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$new/lib/modules/$version/"
/sbin/depmod --basedir "$new" "$version"
cp "$work/image/boot/vmlinuz-$version" "$new/vmlinuz"
echo "$version" >"$new/version"

# --- the initramfs: a shell, the way to the host's files, and nothing else ---
root=$work/root
mkdir -p "$root"/{bin,modules,proc,sys,dev,lower,upper,new}
cp /bin/busybox "$root/bin/"
cp "$here/init" "$root/init"
chmod 755 "$root/init"
number=10
for module in $(with_needs "${first[@]}" | awk '!seen[$0]++'); do
    cp "$module" "$root/modules/$((number++))-$(basename "$module")"
done
(cd "$root" && find . | cpio --quiet --create --format=newc | gzip -1) >"$new/initramfs.gz"

touch "$new/ready"
mv "$new" "$kernel"
for old in "$cache"/*-*/; do [[ ${old%/} == "$kernel" ]] || rm -rf "$old"; done
echo "$kernel"
