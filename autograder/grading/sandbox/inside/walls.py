"""The walls around one submission, put up by the process itself before any of the student's code runs.

The sandbox as a whole (bubblewrap) has no network, a read-only root and nothing of the course but the kit. In it
every submission gets processes, memory and a /tmp of its own, by the kernel's namespaces, limits and capabilities
(see `man 7 namespaces`, `man 2 setrlimit`, `man 7 capabilities`, `man 2 seccomp`), reached through the C library.
"""

import ctypes
import os
import platform
import resource
import struct
from dataclasses import dataclass

LIBC = ctypes.CDLL(None, use_errno=True)

NEW_MOUNTS, NEW_IPC, NEW_PIDS, NEW_USERS = 0x00020000, 0x08000000, 0x20000000, 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    32,
    1 << 12,
    1 << 14,
    1 << 18,
)
PDEATHSIG, CAPBSET_DROP, SECCOMP, NO_NEW_PRIVS = 1, 24, 22, 38
LAST_CAPABILITY = 63
# Where the warm process keeps its caches; a submission reads them.
SCRATCH = "/scratch"

MIB = 1 << 20
# The kernel's own limit on the processor's time stands behind the one that is watched.
SPARE_SECONDS = 5


@dataclass(frozen=True)
class Limits:
    """What one submission may use: bytes of memory beyond the warm process's own, seconds, processes, files.

    `memory` holds for one process and, watched from outside, for all of a submission's together; `cpu_seconds` too.
    """

    memory: int = 1024 * MIB
    cpu_seconds: float = 600
    processes: int = 48
    open_files: int = 96
    file_bytes: int = 32 * MIB
    tmp_bytes: int = 64 * MIB


def own_processes() -> None:
    """The next child begins a process tree of its own: it sees no other process, and all in it end with it."""
    _call("unshare", NEW_PIDS | NEW_IPC)


def shut_in(limits: Limits, warm_bytes: int, uid: int | None) -> None:
    """Walls this process in. It gets a fresh /tmp and no /proc, loses every capability, and cannot regain any.

    `uid` is the user it becomes where the sandbox was started by root; None leaves it who it is. `warm_bytes` is the
    address space that it had before any of the student's code.
    """
    _call("prctl", PDEATHSIG, 9, 0, 0, 0)
    _call("unshare", NEW_MOUNTS)
    _mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    size = f"size={limits.tmp_bytes},nr_inodes=4096,mode=1777".encode()
    _mount(None, SCRATCH.encode(), None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, None)
    _fresh_tmp(size)
    _mount(b"tmpfs", b"/dev/shm", b"tmpfs", MS_NOSUID | MS_NODEV, size)
    _mount(b"tmpfs", b"/proc", b"tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, b"size=4096")
    _mount(b"tmpfs", b"/dev/pts", b"tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, b"size=4096")
    # Mapped and shared, /dev/zero is memory that belongs to no process: see `_filter`.
    _mount(b"/dev/null", b"/dev/zero", None, MS_BIND, None)
    for capability in range(LAST_CAPABILITY + 1):
        LIBC.prctl(CAPBSET_DROP, capability, 0, 0, 0)  # those that the kernel does not know are refused
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    _drop_capabilities()
    _call("prctl", NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", PDEATHSIG, 9, 0, 0, 0)  # becoming another user cleared it
    refuse_system_calls()
    limit(limits, warm_bytes)


def _fresh_tmp(options: bytes) -> None:
    """An empty /tmp; where Python or the course itself lies in /tmp, they are put into it, read-only as they were."""
    kept = {name: os.open(f"/tmp/{name}", os.O_PATH) for name in os.listdir("/tmp")}
    _mount(b"tmpfs", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV, options)
    for name, place in kept.items():
        os.mkdir(f"/tmp/{name}")
        _mount(f"/proc/self/fd/{place}".encode(), f"/tmp/{name}".encode(), None, MS_BIND | MS_REC, None)
        os.close(place)


def limit(limits: Limits, warm_bytes: int) -> None:
    """Sets the limits of this process and of those it starts."""
    for kind, most in (
        (resource.RLIMIT_AS, warm_bytes + limits.memory),
        (resource.RLIMIT_CPU, int(limits.cpu_seconds) + SPARE_SECONDS),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        ceiling = resource.getrlimit(kind)[1]
        allowed = most if ceiling == resource.RLIM_INFINITY else min(most, ceiling)
        resource.setrlimit(kind, (allowed, allowed))


def _call(name: str, *arguments: int) -> None:
    if getattr(LIBC, name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _mount(
    source: bytes | None, target: bytes, kind: bytes | None, flags: int, options: bytes | None
) -> None:
    if LIBC.mount(source, target, kind, ctypes.c_ulong(flags), options) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target.decode()}: {os.strerror(number)}")


def _drop_capabilities() -> None:
    header = struct.pack("Ii", 0x20080522, 0)  # version 3, this process
    if LIBC.capset(header, struct.pack("6I", *[0] * 6)) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")


# System calls that no notebook needs and that open doors in the kernel (namespaces, mounts, other processes, memory
# that no limit counts), by their numbers on x86_64 and aarch64. On other machines the other walls stand alone. A
# session would get a share of the processors of its own: a submission has its sandbox's, however many processes it has.
_REFUSED = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "delete_module": (176, 106),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setsid": (112, 157),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vmsplice": (278, 75),
}


@dataclass(frozen=True)
class _Machine:
    """A machine's column in the table, its number in the kernel's audit.h, and calls that depend on an argument."""

    place: int
    architecture: int
    clone: int
    clone3: int
    mmap: int
    socket: int


_MACHINES = {
    "x86_64": _Machine(0, 0xC000003E, clone=56, clone3=435, mmap=9, socket=41),
    "aarch64": _Machine(1, 0xC00000B7, clone=220, clone3=435, mmap=222, socket=198),
}
AF_UNIX, MAP_SHARED, MAP_ANONYMOUS = 1, 0x01, 0x20


def refuse_system_calls() -> None:
    """Makes the kernel answer "not permitted" to system calls that only an attack needs, for good."""
    known = _MACHINES.get(platform.machine())
    if known is None:
        return
    program = _filter(known, [numbers[known.place] for numbers in _REFUSED.values()])
    buffer = ctypes.create_string_buffer(program)
    pointer = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    if LIBC.prctl(SECCOMP, 2, pointer, 0, 0) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _filter(machine: _Machine, refused: list[int]) -> bytes:
    """The filter as classic BPF: `man 2 seccomp`. Another architecture's calls end the process.

    A socket is only for this machine: some kinds (vsock, netlink, the kernel's ciphers) know no namespace. Shared
    memory without a file stays when a process lets go of it, where no sum over processes finds it.
    """
    load, equal, any_bit, answer = 0x20, 0x15, 0x45, 0x06
    architecture = machine.architecture
    allow, kill, not_permitted, no_such_call = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
    lines = [(load, 0, 0, 4), (equal, 1, 0, architecture), (answer, 0, 0, kill), (load, 0, 0, 0)]
    if architecture == 0xC000003E:  # the x32 calls, which have numbers of their own
        lines += [(any_bit, 0, 1, 0x40000000), (answer, 0, 0, not_permitted)]
    for number in refused:
        lines += [(equal, 0, 1, number), (answer, 0, 0, not_permitted)]
    # The flags of clone3 cannot be read here; clone serves as well.
    lines += [(equal, 0, 1, machine.clone3), (answer, 0, 0, no_such_call)]
    # An argument's lower half stands at 16 + 8 times its place; after it the call's number is loaded again.
    lines += [
        (equal, 0, 4, machine.socket),
        (load, 0, 0, 16),
        (equal, 1, 0, AF_UNIX),
        (answer, 0, 0, not_permitted),
    ]
    lines += [(load, 0, 0, 0), (equal, 0, 5, machine.mmap), (load, 0, 0, 40), (any_bit, 0, 2, MAP_SHARED)]
    lines += [(any_bit, 0, 1, MAP_ANONYMOUS), (answer, 0, 0, not_permitted), (load, 0, 0, 0)]
    new_namespaces = NEW_USERS | NEW_PIDS | NEW_IPC | NEW_MOUNTS | 0x42000000 | 0x04000000
    lines += [(equal, 0, 3, machine.clone), (load, 0, 0, 16), (any_bit, 0, 1, new_namespaces)]
    lines += [(answer, 0, 0, not_permitted), (answer, 0, 0, allow)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)
