#!/usr/bin/env bash
# Inside the laboratory's machine, on the host's files: load the drivers, start udev, run the tests, switch off.
# Standard output is the kernel's console, hence a log file; what people should see goes to the second serial line.
set -u
setting() { sed -n "s/.* lab\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
off() { sync; echo o >/proc/sysrq-trigger; read -rt 60 _ <>/dev/ttyS1; }
trap off EXIT

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 KIOSKD_LAB=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
cd "$(setting home)"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /dev/pts /dev/shm /run/lock
ln -sfn /proc/self/fd /dev/fd
mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/lab
mount -t 9p -o trans=virtio,version=9p2000.L,cache=none results /run/lab
ip link set lo up 2>/dev/null || busybox ip link set lo up

version=$(uname -r)
kernel=$(setting kernel)
mkdir -p "/lib/modules/$version"
mount --bind "$kernel/lib/modules/$version" "/lib/modules/$version"

/usr/lib/systemd/systemd-udevd --daemon
mapfile -t modules < <(sed -n '1,/^# initramfs ends/d; /^[^#]/p' tests/lab/machine/modules)
modprobe --all "${modules[@]}" || echo "lab: not all drivers load" # their options: the kernel's command line
mount -t configfs configfs /sys/kernel/config
udevadm settle --timeout=20

mapfile -t arguments </run/lab/arguments
stty -F /dev/ttyS1 raw -echo
.venv/bin/python -m pytest -p no:cacheprovider --durations=12 --durations-min=1 -o faulthandler_timeout=400 --rootdir=. \
    --junitxml=/run/lab/results.xml --basetemp=/run/lab-tests "${arguments[@]}" </dev/null >/dev/ttyS1 2>&1
echo "$?" >/run/lab/status
