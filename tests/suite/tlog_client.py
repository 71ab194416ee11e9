"""Checks a log of C2SP tlog-tiles from its files alone.

    tlog_client.py LOG KEY

LOG is the folder `log/` of a store, KEY a verifier key of signed-note. What is believed is what metamorphic-log says, a
client that knows nothing of Yidang: that the checkpoint is signed, that every entry of the bundles is in its tree, and
that each checkpoint that was kept grew out of the one before. This script only reads tiles and puts the paths together.
"""

import hashlib
import pathlib
import sys

import metamorphic_log

WIDTH = 256


def place(n: int) -> str:
    """The path of tile number `n`: three digits a folder, all but the last marked by an x."""
    parts = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        parts.append(f"x{n % 1000:03}")
    return "/".join(reversed(parts))


def tile(log: pathlib.Path, folder: str, n: int, width: int) -> bytes:
    """The bytes of a tile or bundle, full or partial."""
    path = log / "tile" / folder / (place(n) + ("" if width == WIDTH else f".p/{width}"))
    return path.read_bytes()


class Log:
    """The hashes of a tree, taken from its tiles where they have them."""

    def __init__(self, log: pathlib.Path, size: int) -> None:
        self.levels: list[list[bytes]] = []
        level = 0
        while size >> (8 * level):
            count = size >> (8 * level)
            data = b"".join(
                tile(log, str(level), n, min(WIDTH, count - n * WIDTH)) for n in range((count + WIDTH - 1) // WIDTH)
            )
            self.levels.append([data[at : at + 32] for at in range(0, len(data), 32)])
            assert len(self.levels[-1]) == count, f"level {level} has {len(self.levels[-1])} hashes of {count}"
            level += 1
        self.known: dict[tuple[int, int], bytes] = {}

    def root(self, begin: int, end: int) -> bytes:
        """The root of the subtree over the entries from `begin` on, before `end`."""
        for level, hashes in enumerate(self.levels):
            if end - begin == WIDTH**level and begin % WIDTH**level == 0:
                return hashes[begin // WIDTH**level]
        if (begin, end) not in self.known:
            middle = begin + largest_power_below(end - begin)
            both = self.root(begin, middle) + self.root(middle, end)
            self.known[begin, end] = hashlib.sha256(b"\x01" + both).digest()
        return self.known[begin, end]

    def inclusion(self, index: int, begin: int, end: int) -> list[bytes]:
        """The path from an entry to the root (RFC 6962, 2.1.1)."""
        if end - begin == 1:
            return []
        middle = begin + largest_power_below(end - begin)
        if index < middle:
            return [*self.inclusion(index, begin, middle), self.root(middle, end)]
        return [*self.inclusion(index, middle, end), self.root(begin, middle)]

    def consistency(self, old: int, begin: int, end: int, whole: bool = True) -> list[bytes]:
        """The path from the tree of `old` entries to the one that ends here (RFC 6962, 2.1.2)."""
        if old == end:
            return [] if whole else [self.root(begin, end)]
        middle = begin + largest_power_below(end - begin)
        if old <= middle:
            return [*self.consistency(old, begin, middle, whole), self.root(middle, end)]
        return [*self.consistency(old, middle, end, False), self.root(begin, middle)]


def largest_power_below(n: int) -> int:
    return 1 << ((n - 1).bit_length() - 1)


def entries(log: pathlib.Path, size: int) -> list[bytes]:
    """Every entry, out of the bundles."""
    found = []
    for n in range((size + WIDTH - 1) // WIDTH):
        bundle = tile(log, "entries", n, min(WIDTH, size - n * WIDTH))
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            found.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
    return found


def main() -> None:
    log, key = pathlib.Path(sys.argv[1]), sys.argv[2]
    note = (log / "checkpoint").read_text()
    size = metamorphic_log.checkpoint_verify(note, [key]).size
    tree, leaves = Log(log, size), entries(log, size)
    assert len(leaves) == size, f"{len(leaves)} entries of {size}"
    for index, leaf in enumerate(leaves):
        digest, path = hashlib.sha256(b"\x00" + leaf).digest(), tree.inclusion(index, 0, size)
        metamorphic_log.checkpoint_verify_inclusion(note, [key], index, digest, path)
    kept = sorted((log / "checkpoints").iterdir())
    for older, newer in zip(kept, kept[1:]):
        path = tree.consistency(int(older.name), 0, int(newer.name))
        metamorphic_log.checkpoint_verify_consistency(older.read_text(), newer.read_text(), [key], path)
    print(f"{size} entries, {len(kept)} checkpoints")


main()
