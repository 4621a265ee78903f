"""Boots the laboratory's machine, shows what its tests say, and judges how it went. Called by script/lab.

The machine is QEMU without KVM on Debian's kernel; its disk is the host's own, read only. The tests' words
come over its second serial line, the kernel's go to a log file, results lie in a folder that both see.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

HOME = Path(__file__).resolve().parents[3]
CACHE = HOME / ".lab"
RUN = CACHE / "run"
CONSOLE = CACHE / "console.log"
HARD_LIMIT_S = float(os.environ.get("KIOSKD_LAB_LIMIT_S", "600"))
"""A machine that is still on after so long hangs. Where others want the processors too, give it more."""
MEMORY_MIB = 1280
ROOMS = ("kioskd", "drivers", "web")
KERNEL = (
    *("console=ttyS0", "panic=-1", "mitigations=off", "random.trust_cpu=on"),
    "dummy_hcd.num=8",  # so many sockets for USB devices
    *(
        "vivid.n_devs=1",
        "vivid.node_types=0x1",
        "vivid.num_inputs=1",
        "vivid.input_types=0",
    ),  # a webcam, no more
    *(
        "v4l2loopback.devices=1",
        "v4l2loopback.video_nr=10",
        "v4l2loopback.exclusive_caps=1",
        "v4l2loopback.card_label=Loopback",
    ),
)
"""The kernel's command line, with the options of the modules in tests/lab/machine/modules."""


def main(arguments: Sequence[str]) -> int:
    """Boot, test, judge; the exit code of script/lab."""
    begun = time.monotonic()
    kernel = subprocess.run(
        [HOME / "tests/lab/machine/kernel.sh", CACHE], stdout=subprocess.PIPE, text=True, check=False
    )
    if kernel.returncode:
        return failed("there is no kernel to boot")
    # Out here it takes a second, in there a minute.
    subprocess.run([sys.executable, "-m", "compileall", "-q", *ROOMS], cwd=HOME, check=True)
    shutil.rmtree(RUN, ignore_errors=True)
    RUN.mkdir(parents=True)
    (RUN / "arguments").write_text("".join(f"{word}\n" for word in ["-o", "testpaths=tests/lab", *arguments]))
    print(f"lab: booting; the machine's console goes to {CONSOLE.relative_to(HOME)}", flush=True)
    ended = boot(Path(kernel.stdout.strip()))
    print(f"lab: {time.monotonic() - begun:.0f} s", flush=True)
    if not ended:
        return failed(f"the machine was still on after {HARD_LIMIT_S:g} s: it hangs")
    return judge()


def boot(kernel: Path) -> bool:
    """Run the machine until it switches itself off; whether it did so in time."""
    command = [
        "qemu-system-x86_64",
        *("-accel", "tcg,thread=multi,tb-size=1024", "-cpu", "max,la57=off", "-machine", "q35"),
        *("-smp", "2", "-m", str(MEMORY_MIB), "-nodefaults", "-display", "none", "-no-reboot"),
        *("-kernel", str(kernel / "vmlinuz"), "-initrd", str(kernel / "initramfs.gz")),
        *("-append", " ".join([*KERNEL, f"lab.home={HOME}", f"lab.kernel={kernel}", ""])),
        *("-virtfs", "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap"),
        *("-virtfs", f"local,path={RUN},mount_tag=results,security_model=none"),
        *("-device", "virtio-rng-pci"),
        *("-chardev", f"file,id=console,path={CONSOLE}", "-serial", "chardev:console"),
        *("-chardev", "stdio,id=words,signal=off", "-serial", "chardev:words"),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as machine:
        alarm = threading.Timer(HARD_LIMIT_S, machine.kill)
        alarm.start()
        try:
            machine.wait()
        finally:
            machine.kill()
            ended = alarm.is_alive()
            alarm.cancel()
    return ended


def judge() -> int:
    """Say how many passed and failed, in the last line; 0 when all went well."""
    status = RUN / "status"
    results = RUN / "results.xml"
    if not status.exists() or not results.exists():
        return failed("the machine went off before its tests ended")
    suite = next(ET.parse(results).iter("testsuite"))
    tests, skipped, failures, errors = (
        int(suite.get(word, 0)) for word in ("tests", "skipped", "failures", "errors")
    )
    bad = failures + errors
    passed = tests - skipped - bad
    pytest_said = int(status.read_text())
    if pytest_said or bad or not passed:
        show_console()
    if not passed and not bad:
        print("lab: no test ran")
    print(f"{passed} passed, {bad} failed", flush=True)
    return 0 if passed and not bad and not pytest_said else 1


def failed(why: str) -> int:
    """It could not run at all: say why, loudly, and count that as a failure."""
    show_console()
    print(f"lab: {why}")
    print("0 passed, 1 failed", flush=True)
    return 1


def show_console() -> None:
    """The last lines of the machine's console, where the kernel complains."""
    if CONSOLE.exists():
        lines = CONSOLE.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(["lab: the last words on the machine's console:", *lines[-25:]]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
