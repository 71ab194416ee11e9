#!/usr/bin/env python3
"""A second verifier for what Yidang packed: the standard library and the `openssl` command, nothing else.

    yidang_verify.py DIR --policy FILE [--tsa CERTS]
    yidang_verify.py consistency OLD NEW --policy FILE [--path FILE]

Written apart from `yidang-verify`, so that a mistake in one does not hide in the other. The policy is the auditor's own.
Exit status: 0 sound, 1 not sound, 2 wrong usage, 3 could not look.
"""

import base64
import binascii
import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

LARGEST = 512 << 20  # the most bytes of a file that is read as a whole
DEEPEST = 128  # how deep JSON may be nested
DER = bytes.fromhex("302a300506032b6570032100")  # what comes before an Ed25519 key in SubjectPublicKeyInfo


class Wrong(Exception):
    """Something is not what it should be."""


class Unseen(Exception):
    """Something could not be looked at."""


def need(true, sentence):
    if not true:
        raise Wrong(sentence)


def b64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Wrong(f"{what} is not base64") from None
    need(base64.b64encode(data).decode() == text, f"{what} is not the usual base64")
    return data


def hash_of(text, what):
    data = b64(text, what)
    need(len(data) == 32, f"{what}: a hash has 32 bytes, this has {len(data)}")
    return data


# --- the tree (RFC 6962, RFC 9162 2.1.3.2 and 2.1.4.2) ---------------------------------------------------------------


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def included(hashed, index, path, size, root):
    need(index < size, f"the tree has {size} entries, and none with number {index}")
    at, last = index, size - 1
    for beside in path:
        need(last > 0, "the path is longer than the tree is high")
        if at % 2 or at == last:
            hashed = node(beside, hashed)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            hashed = node(hashed, beside)
        at, last = at // 2, last // 2
    need(last == 0 and hashed == root, "the path does not lead to the root of the tree")


def consistent(old, old_root, new, new_root, path):
    need(old <= new, f"the log has shrunk, from {old} entries to {new}")
    if old == new:
        empty = old > 0 or old_root == hashlib.sha256(b"").digest()
        need(old_root == new_root and not path and empty, f"two logs of {old} entries have different roots: two histories")
        return
    need(old > 0, "the older log is empty: nothing follows from it")
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    need(path, "the path between the two trees is too short")
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at // 2, last // 2
    before = after = path[0]
    for beside in path[1:]:
        need(last > 0, "the path between the two trees is too long")
        if at % 2 or at == last:
            before, after = node(beside, before), node(beside, after)
            while at % 2 == 0 and at:
                at, last = at // 2, last // 2
        else:
            after = node(after, beside)
        at, last = at // 2, last // 2
    need(last == 0, "the path between the two trees is too short")
    need(
        before == old_root and after == new_root,
        "the newer log does not begin with all entries of the older: history was rewritten",
    )


class Growing:
    """A tree that grows: the roots of its full subtrees, largest first."""

    def __init__(self, size, roots):
        need(len(roots) == bin(size).count("1"), f"a tree of {size} entries does not have {len(roots)} full subtrees")
        self.size, self.roots = size, roots

    def push(self, data):
        hashed, before = leaf(data), self.size
        while before % 2:
            hashed, before = node(self.roots.pop(), hashed), before // 2
        self.roots.append(hashed)
        self.size += 1

    def root(self):
        roots = list(self.roots)
        joined = roots.pop() if roots else hashlib.sha256(b"").digest()
        while roots:
            joined = node(roots.pop(), joined)
        return joined


# --- keys, notes, policy (C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy) ---------------------------


def utc(seconds):
    try:
        return f"{datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return f"{seconds} seconds after 1970"


def seconds(told):
    """The seconds since 1970 of a time as openssl tells it, or None."""
    form = re.fullmatch(r"(\w{3}) +(\d+) (\d+:\d+:\d+)(?:\.\d+)? (\d{4}) GMT", told.strip())
    try:
        time = datetime.datetime.strptime(" ".join(form.groups()), "%b %d %H:%M:%S %Y") if form else None
    except ValueError:
        time = None
    return int(time.replace(tzinfo=datetime.timezone.utc).timestamp()) if time else None


class Key:
    def __init__(self, text):
        parts = text.split("+", 2)
        need(len(parts) == 3 and parts[0] and not re.search(r"\s", parts[0]), f"{text!r} is not a key")
        self.name, given, encoded = parts
        data = b64(encoded, f"the key of {self.name}")
        need(data[:1] in (b"\1", b"\4") and len(data) == 33, f"the key of {self.name} is not an Ed25519 key")
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        need(self.id.hex() == given, f"the key of {self.name} has id {self.id.hex()}, not {given}")
        self.witness, self.public = data[0] == 4, data[1:]

    def signed(self, note):
        """When this key has signed (True without a time), or False; a wrong signature of it is an error."""
        for name, key, signature in note.signatures:
            if (name, key) == (self.name, self.id):
                break
        else:
            return False
        message, when = note.text.encode(), True
        if self.witness:
            need(len(signature) == 72, f"the signature of {self.name} is too short")
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message, when = f"cosignature/v1\ntime {time}\n".encode() + message, utc(time)
        need(len(signature) == 64, f"the signature of {self.name} is not an Ed25519 signature")
        need(self.openssl(message, signature), f"the signature of {self.name} is not right for this checkpoint")
        return when

    def openssl(self, message, signature):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            for name, data in (("key", DER + self.public), ("message", message), ("signature", signature)):
                (place / name).write_bytes(data)
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
            command += ["-inkey", place / "key", "-in", place / "message", "-sigfile", place / "signature"]
            try:
                return subprocess.run(command, capture_output=True, check=False).returncode == 0
            except OSError as error:
                raise Unseen(f"openssl: {error}") from None


class Note:
    def __init__(self, text):
        need(len(text.encode()) <= 1 << 20, "a note of more than 1 MiB is too long")
        need(not re.search(r"[\x00-\x09\x0b-\x1f]", text), "the note has a control character")
        body, found, signatures = text.rpartition("\n\n")
        need(found and signatures.endswith("\n"), "the note has no empty line before its signatures")
        self.text, self.signatures = body + "\n", []
        for at, line in enumerate(signatures[:-1].split("\n"), len(self.text.split("\n")) + 1):
            match = re.fullmatch(r"— (\S+) (\S+)", line)
            need(match, f"line {at} of the note is not a signature")
            data = b64(match[2], f"line {at} of the note")
            need(len(data) > 4, f"line {at} of the note: the signature is too short")
            self.signatures.append((match[1], data[:4], data[4:]))
        need(len(self.signatures) <= 64, "the note has more than 64 signatures")
        lines = self.text.split("\n")[:-1]
        need(len(lines) >= 3 and all(lines), "the checkpoint does not have three lines")
        self.origin = lines[0]
        need(re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]), "line 2 of the checkpoint is not a number of entries")
        self.size, self.root = int(lines[1]), hash_of(lines[2], "line 3 of the checkpoint")


class Policy:
    def __init__(self, text):
        self.logs, self.members, self.quorum = [], {}, None
        for at, line in enumerate(text.split("\n"), 1):
            words = [word for word in re.split(r"[ \t]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            try:
                self.take(words)
            except Wrong as why:
                raise Wrong(f"line {at} of the policy: {why}") from None
        need(self.logs, "the policy names no log")
        need(self.quorum, "the policy has no line `quorum`")

    def take(self, words):
        kind, rest = words[0], words[1:]
        if kind == "log" and len(rest) in (1, 2):
            key = Key(rest[0])
            need(not key.witness, "not the key of a log")
            need(all(key.public != log.public for log in self.logs), "this log is named twice")
            self.logs.append(key)
        elif kind == "witness" and len(rest) in (2, 3):
            key = Key(rest[1])
            need(key.witness, "not the key of a witness")
            keys = [one for one in self.members.values() if isinstance(one, Key)]
            need(all(key.public != one.public for one in keys), f"{rest[0]} is named twice")
            self.name(rest[0], key)
        elif kind == "group" and len(rest) > 2:
            need(all(one in self.members for one in rest[2:]), "a member is not defined above")
            many = {"any": 1, "all": len(rest) - 2}.get(rest[1]) or (int(rest[1]) if rest[1].isdecimal() else 0)
            need(1 <= many <= len(rest) - 2, f"{rest[0]} asks for an impossible number")
            self.name(rest[0], (many, rest[2:]))
        elif kind == "quorum" and len(rest) == 1:
            need(self.quorum is None, "a second quorum")
            need(rest[0] == "none" or rest[0] in self.members, f"{rest[0]} is not defined above")
            self.quorum = rest[0]
        else:
            raise Wrong("cannot be understood")

    def name(self, name, member):
        need(name != "none" and name not in self.members, f"{name} is taken")
        self.members[name] = member

    def signed(self, note):
        """Checks that the log has signed; returns the names of the witnesses that have, and a sentence if too few."""
        logs = [key for key in self.logs if key.name == note.origin]
        need(logs, f"the checkpoint is of the log {note.origin}, which the policy does not trust")
        if not any([key.signed(note) for key in logs]):
            others = ", ".join(key.hex() for name, key, _ in note.signatures if name == note.origin)
            more = f", only {others}: if the log has changed its key, get the new one from it on another way than this, "
            more += "and add it to the policy"
            raise Wrong(f"no key of {note.origin} that the policy trusts has signed{more if others else ''}")
        met, witnesses = {"none"}, []
        for name, member in self.members.items():
            if isinstance(member, Key):
                if when := member.signed(note):
                    met.add(name)
                    witnesses.append(f"{name} on {when}")
            elif sum(one in met for one in member[1]) >= member[0]:
                met.add(name)
        signed = ", ".join(one.split(" on ")[0] for one in witnesses) or "none"
        few = f"the quorum {self.quorum} is not met by this checkpoint of {note.size} entries, too few witnesses have signed"
        return witnesses, None if self.quorum in met else f"{few} it: {signed}"


# --- the bag (RFC 8493) and what is in it ----------------------------------------------------------------------------


class Bag:
    """The files of a bag by their paths, after its manifests are met; each is read when it is asked for."""

    PARTS = re.compile(
        r"bagit\.txt|bag-info\.txt|manifest-sha256\.txt|README\.html|previews/[^/]+\.jpg|data/proof\.json|data/checkpoint"
        r"|data/entries/(0|[1-9][0-9]{0,19})/(entry\.json|body\.json|entry\.tlog-proof)|data/objects/[^/]{64}\.[^/]+"
        r"|data/history/(entries|frontier)|data/timestamp/(checkpoint|checkpoint\.tsr|consistency)"
    )

    def __init__(self, root):
        if not root.is_dir():
            raise Unseen(f"{root} is not a folder")
        self.root, self.digests, listed = root, {}, set()
        for place in sorted(root.rglob("*")):
            path = place.relative_to(root).as_posix()
            need(path.isprintable() and not re.search("[\udc80-\udcff]", path), f"{path!r} has a name that is not text")
            need(not place.is_symlink() and (place.is_dir() or place.is_file()), f"{path} is neither a file nor a folder")
            if place.is_file():
                listed.add(path)
        need("bagit.txt" in listed, "bagit.txt is missing: this is no bag")
        declared = self.whole("bagit.txt").decode("utf-8", "replace").rstrip()
        need(declared == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8", "bagit.txt is not that of a BagIt 1.0 bag")
        need("fetch.txt" not in listed, "the bag wants files fetched from elsewhere")
        for manifest, payload in (("manifest-sha256.txt", True), ("tagmanifest-sha256.txt", False)):
            need(manifest in listed, f"{manifest} is missing: this is no bag")
            for at, line in enumerate(self.whole(manifest).decode("utf-8", "replace").splitlines(), 1):
                match = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)", line)
                need(match and match[2].startswith("data/") == payload, f"line {at} of {manifest} may not be")
                need(match[2] in listed, f"{match[2]} is missing from the bag")
                need(self.hashed(match[2]) == match[1], f"{match[2]} is not as it was packed")
                need(match[2] not in self.digests, f"line {at} of {manifest} names {match[2]} again")
                self.digests[match[2]] = match[1]
        for path in sorted(listed - {"tagmanifest-sha256.txt"}):
            need(path in self.digests, f"{path} is in the bag and in none of its manifests")
            # What nobody looks at would be believed all the same.
            need(self.PARTS.fullmatch(path), f"{path} is no part of a proof")

    def __iter__(self):
        return iter(self.digests)

    def whole(self, path):
        place = self.root / path
        need(place.stat().st_size <= LARGEST, f"{path} is too large")
        return place.read_bytes()

    def hashed(self, path):
        hasher = hashlib.sha256()
        with (self.root / path).open("rb") as file:
            while piece := file.read(1 << 20):
                hasher.update(piece)
        return hasher.hexdigest()

    def get(self, path):
        need(path in self.digests, f"{path} is missing from the bag")
        data = self.whole(path)
        need(hashlib.sha256(data).hexdigest() == self.digests[path], f"{path} was changed while it was looked at")
        return data


def no_number(text):
    raise ValueError(f"{text} is no number")


def depth(value):
    """How deep a value is nested; it is parsed already, so it is not deeper than Python can go."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


def parse_json(data, what):
    try:
        value = json.loads(data.decode(), parse_constant=no_number)
        need(depth(value) < DEEPEST, f"{what} is nested too deep")
        return value
    except RecursionError:
        raise Wrong(f"{what} is nested too deep") from None
    except ValueError as error:
        raise Wrong(f"{what} is not JSON: {error}") from None


def text_of(data, what):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Wrong(f"{what} is not UTF-8") from None


def is_number(value):
    return type(value) is int and 0 <= value < 1 << 64


class Contents:
    """What a bag says of itself. Nothing in it is believed: it tells what to look for, and has one form."""

    KINDS = {"document": is_number, "look": is_number, "volume": lambda one: type(one) is str}
    KINDS["household"] = KINDS["volume"]

    def __init__(self, told):
        def right(true, what):
            need(true, f"data/proof.json: {what}")

        right(type(told) is dict, "it is no object")
        right(told.get("format") == "yidang-proof/1", "it is not of a format that is known")
        other = set(told) - {"format", "subject", "volume", "entries", "history_from"}
        right(not other, f"it has fields that are not known: {sorted(other)}")
        subject = told.get("subject")
        one = type(subject) is dict and len(subject) == 1 and next(iter(subject.items()))
        right(one and one[0] in self.KINDS and self.KINDS[one[0]](one[1]), "it does not say what the bag is about")
        self.kind, self.subject = one
        self.volume, self.start, listed = told.get("volume"), told.get("history_from"), told.get("entries")
        right(self.volume is None or type(self.volume) is str, "the name of the file is no text")
        right(self.start is None or is_number(self.start), "the history begins at no number")
        right(type(listed) is list and listed and all(map(is_number, listed)), "the list of entries is not one of numbers")
        self.entries = set(listed)
        right(len(self.entries) == len(listed), "the list of entries names one twice")
        self.whole = self.kind in ("volume", "household")


def check_proof(text, no, data, note_text, note):
    head, found, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    need(found and lines[0] == "c2sp.org/tlog-proof@v1", "line 1 is not that of a proof")
    lines = lines[1:]
    if lines and lines[0].startswith("extra "):
        lines = lines[1:]
    need(lines and re.fullmatch(r"index (0|[1-9][0-9]{0,18})", lines[0]), "the proof does not say which entry it is of")
    first = head[: head.index("\nindex ")].count("\n") + 3
    path = [hash_of(line, f"line {at} of the proof") for at, line in enumerate(lines[1:], first)]
    need(len(path) <= 64, "no tree is so high")
    need(checkpoint == note_text, f"the proof of entry {no} is to another checkpoint")
    need(int(lines[0][6:]) == no, f"the proof of entry {no} is that of another")
    try:
        included(leaf(data), no, path, note.size, note.root)
    except Wrong as why:
        raise Wrong(f"entry {no} is not in the log: {why}") from None


def named_by(act):
    """The files that an act names."""
    ways = {
        "accept_document": lambda: act["file"]["sha256"],
        "open_household": lambda: (act.get("source") or {}).get("file"),
        "correct_text": lambda: act["correction"],
        "bind_volume": lambda: act["manifest"],
        "take_bank_return": lambda: act["file"],
        "take_evidence": lambda: act["file"],
        "timestamp_checkpoint": lambda: act["token"],
        "key_fields": lambda: act["keyed"],
        "enter_row": lambda: (act.get("sealed") or {}).get("sha256"),
    }
    name = ways.get(act["act"], lambda: None)()
    return [] if name is None else [name]


def read_entries(files, contents, note_text, note):
    found = {int(match[1]) for path in files if (match := re.match(r"data/entries/([0-9]+)/", path))}
    need(contents.entries == found, "the entries in the bag are not those it says it has")
    entries = {}
    for no in sorted(found):
        folder = f"data/entries/{no}"
        data, body_data = files.get(f"{folder}/entry.json"), files.get(f"{folder}/body.json")
        check_proof(text_of(files.get(f"{folder}/entry.tlog-proof"), "the proof"), no, data, note_text, note)
        entry, body = parse_json(data, folder), parse_json(body_data, folder)
        need(is_number(entry["no"]) and entry["no"] == no, f"entry {no} says of itself that it is another")
        digest = hashlib.sha256(body_data).hexdigest()
        need(entry["body"] == digest, f"the body of entry {no} is not the one it commits to")
        need(len(body["salt"]) == 64, f"the body of entry {no} has no salt")
        act = body.get("act", {"act": ""})
        need(entry["objects"] == named_by(act), f"entry {no} and its body name different files")
        entries[no] = {"data": data, "entry": entry, "act": act, "look": body.get("look")}
    return entries


ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif", "image/webp": "webp", "image/bmp": "bmp"}
ENDINGS["application/pdf"] = "pdf"  # what the names of files of a kind end with


def read_objects(files, entries):
    named = {digest for one in entries.values() for digest in one["entry"]["objects"]}
    objects = {}
    for path in files:
        if path.startswith("data/objects/"):
            digest = files.digests[path]
            need(path.split("/")[2].split(".")[0] == digest, f"{path} has the digest {digest}")
            need(digest in named, f"{path} is named by no entry")
            objects[digest] = path
    for act in (one["act"] for one in entries.values() if one["act"]["act"] == "accept_document"):
        ending, path = ENDINGS.get(act["file"].get("mime")), objects.get(act["file"]["sha256"])
        named = not path or not ending or path.partition(".")[2] == ending
        # Whoever opens it goes by its name.
        need(named, f"{path} is not named as the kind of file it was taken in as")
    return objects


def put(document, entries):
    """What put a document into a file or another document, or gave it back, last; None if nothing has."""
    kinds = ("file_document", "join_document", "return_document")
    acts = [one["act"] for _, one in sorted(entries.items())]
    puts = [act for act in acts if act["act"] in kinds and act["document"] == document]
    return puts[-1] if puts else None


def accepted_as(document, entries):
    """The act that took a document in, or None."""
    act = entries[document]["act"] if document in entries else None
    return act if act and act["act"] == "accept_document" else None


def home(document, entries):
    """The household in whose file a document is, as far as the entries tell; if it was joined, that of the other."""
    seen = set()
    while document not in seen:
        seen.add(document)
        act = put(document, entries) or accepted_as(document, entries)
        if not act or act["act"] != "join_document":
            return act and act.get("household")  # Where it was put last, or taken in; nowhere when it was given back.
        document = act["into"]
    return None


class Catalog:
    """What a catalog lists: how many of its papers are here, its files, and the documents that went to another file."""

    def __init__(self, version):
        self.version, self.here, self.files, self.gone = version, 0, set(), set()


def check_manifest(no, files, entries, objects):
    act = entries[no]["act"]
    need(act["manifest"] in objects, f"the manifest {act['manifest']} is missing from the bag")
    manifest = parse_json(files.get(objects[act["manifest"]]), "the manifest")
    for field in ("household", "version", "reference_code", "previous", "title", "pages"):
        need(manifest[field] == act[field], f"the manifest of entry {no} has another {field}")
    accepts = [one for one in entries.values() if one["act"]["act"] == "accept_document"]
    accepted = {digest for one in accepts for digest in one["entry"]["objects"]}
    catalog = Catalog(manifest["version"])
    for item in manifest["items"]:
        document, digests = item["document"], [file["sha256"] for file in item["files"]]
        need(is_number(document), f"the manifest of entry {no} lists no document")
        catalog.files.update(digests)
        has_gone = put(document, entries) is not None and home(document, entries) != act["household"]
        if has_gone and not objects.keys() >= set(digests):
            catalog.gone.add(document)
            continue
        for digest in digests:
            need(digest in objects, f"the file {digest} is missing from the bag")
            need(digest in accepted, f"no entry shows how the file {digest} was taken in")
        # Another paper with the same bytes was taken in at another time.
        shown = has_gone or accepted_as(document, entries)
        need(shown, f"the bag does not show how document {document} was taken in")
        catalog.here += 1
    return catalog


def opened(household, entries):
    """The entry that opened the file of a household; a split opens one, too."""
    for _, one in sorted(entries.items()):
        act = one["act"]
        if act["act"] == "open_household" and act["household"] == household:
            return one
        if act["act"] == "link_households" and (act["kind"], act["to"]) == ("split", household):
            return one
    return None


def bindings_of(entries):
    return [no for no, one in sorted(entries.items()) if one["act"]["act"] == "bind_volume"]


def all_here(entries, objects):
    """Checks that what the entries name is here; returns those whose files are about others too, and are not."""
    apart = []
    for no, one in sorted(entries.items()):
        for digest in one["entry"]["objects"]:
            if one["act"]["act"] in ("open_household", "enter_row") and digest not in objects:
                apart.append(no)
            else:
                need(digest in objects, f"the file {digest} is missing from the bag")
    return apart


def check_subject(files, contents, entries, objects, say):
    kind, subject, bindings, apart, gone = contents.kind, contents.subject, bindings_of(entries), [], set()
    if kind == "volume":
        last = bindings[-1:] and entries[bindings[-1]]["act"]["reference_code"]
        need(last == subject, f"the bag does not show how the volume {subject} was bound")
        catalog = check_manifest(bindings[-1], files, entries, objects)
        # Whoever opens a file takes it for a part of the volume.
        manifest, gone = entries[bindings[-1]]["act"]["manifest"], catalog.gone
        for digest, path in objects.items():
            need(digest == manifest or digest in catalog.files, f"{path} is not in the catalog of the volume")
        told = f"the volume {subject}, version {catalog.version}, is here with its {catalog.here} papers"
    elif kind == "look":
        one = (entries.get(subject) or {}).get("look")
        need(one and len(entries) == 1, "the bag does not show one look at records")
        told = f"entry {subject} is a look at records: {one['kind']}, {one['outcome']}"
    elif kind == "document":
        one = entries.get(subject)
        need(one and one["act"]["act"] == "accept_document", f"the bag does not show how document {subject} was taken in")
        apart = all_here(entries, objects)
        told = f"document {subject} is here as it was taken in"
    else:
        need(opened(subject, entries), f"the bag does not show how the file of {subject} was opened")
        apart = all_here(entries, objects)
        for no, act in ((no, one["act"]) for no, one in sorted(entries.items())):
            if act["act"] in ("file_document", "join_document") and home(act["document"], entries) == subject:
                why = f"entry {no} puts document {act['document']} into the file, and the bag does not show how it was"
                need(accepted_as(act["document"], entries), f"{why} taken in")
        for binding in bindings:
            gone |= check_manifest(binding, files, entries, objects).gone
        told = f"everything of household {subject} that these entries name is here"
    say("right", told)
    if gone:
        numbers = ", ".join(map(str, sorted(gone)))
        why = "stand in the catalog and were put into another file since: they are not in this bag"
        say("not checked", f"documents {numbers} {why}")
    if apart:
        numbers = ", ".join(map(str, apart))
        say("not checked", f"the files that entries {numbers} name are about others too, and not in this bag")


def link_of(entry, volume):
    """What an entry says of a file's history: (the entry before,), or nothing."""
    return [(link["prev"],) for link in entry["volumes"] if link["volume"] == volume][:1]


def check_volume(contents, entries):
    """The random name is that of the file the bag is about: what opened it, or put the document there, says so."""
    volume = contents.volume
    if contents.kind == "document":
        linked = [one["entry"] for _, one in sorted(entries.items()) if one["entry"]["volumes"]]
        its = linked and link_of(linked[-1], volume)
    elif contents.whole:
        household = contents.subject
        if contents.kind == "volume":
            household = entries[bindings_of(entries)[-1]]["act"]["household"]
        one = opened(household, entries)
        its = one and link_of(one["entry"], volume) == [(None,)]
    else:
        its = False
    need(its, "the history in the bag is not that of the file it is about")


def check_history(files, contents, entries, note, say):
    volume, start, whole = contents.volume, contents.start, contents.whole
    if volume is None or start is None:
        need(not whole, "the bag does not show that nothing came later")
        return say("not checked", "whether anything came later: the bag does not show it")
    check_volume(contents, entries)
    # How a paper that came to the desk was taken in stands in no file's history.
    for no, one in sorted(entries.items()):
        strange = whole and not link_of(one["entry"], volume) and one["act"]["act"] != "accept_document"
        need(not strange, f"entry {no} is not about the file the bag is about")
    lines = text_of(files.get("data/history/frontier"), "the frontier").splitlines()
    tree = Growing(start, [hash_of(line, "the frontier") for line in lines])
    history, about, at = files.get("data/history/entries"), [], 0
    while at < len(history):
        length = int.from_bytes(history[at : at + 2], "big")
        data, no = history[at + 2 : at + 2 + length], tree.size
        need(len(history) >= at + 2 and len(data) == length, f"entry {no} of the history is cut off")
        tree.push(data)
        about += [(no, prev, data) for (prev,) in link_of(parse_json(data, "the history"), volume)]
        at += 2 + length
    need((tree.size, tree.root()) == (note.size, note.root), "the history in the bag is not that of the log")
    # Else whoever packed the bag could let it begin after what is held back.
    there = {no for no, _, _ in about}
    for no, one in sorted(entries.items()):
        need(no in there or not link_of(one["entry"], volume), f"the history in the bag begins after entry {no}")
    for at, (no, prev, _) in enumerate(about):
        expected = about[at - 1][0] if at else (None if whole else prev)
        need(prev == expected, f"the history of the file has a gap before entry {no}")
    hidden = [str(no) for no, _, data in about if no not in entries or entries[no]["data"] != data]
    need(not (whole and hidden), f"the bag holds back entries about this file: {', '.join(hidden)}")
    if hidden:
        say("not checked", f"entries {', '.join(hidden)} are about the same household's file and not in this bag")
    else:
        say("right", f"nothing else was recorded about this file up to entry {note.size - 1}")


def check_timestamp(files, note, last, authority, say):
    if not any(path.startswith("data/timestamp/") for path in files):
        if authority:
            say("not checked", "when the log was there: the bag has no timestamp")
        return
    stamped = Note(text_of(files.get("data/timestamp/checkpoint"), "the checkpoint"))
    lines = text_of(files.get("data/timestamp/consistency"), "the path").splitlines()
    answer = files.get("data/timestamp/checkpoint.tsr")
    covers = stamped.origin == note.origin and stamped.size > last
    need(covers, "the timestamp does not cover the entries of the bag")
    try:
        consistent(stamped.size, stamped.root, note.size, note.root, [hash_of(line, "the path") for line in lines])
    except Wrong as why:
        raise Wrong(f"the timestamp: {why}") from None
    if not authority:
        say("not checked", f"when the log had its first {stamped.size} entries: name the authority by --tsa")
        return
    if not authority.is_file():
        raise Unseen(f"{authority}: there is no such file")
    digest = hashlib.sha256(stamped.text.encode()).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder) / "answer"
        place.write_bytes(answer)
        verify = ["openssl", "ts", "-verify", "-digest", digest, "-in", place, "-CAfile", authority]
        tell = ["openssl", "ts", "-reply", "-text", "-in", place]
        try:
            verified = subprocess.run(verify, capture_output=True, check=False, text=True, errors="replace")
            told = subprocess.run(tell, capture_output=True, check=False, text=True, errors="replace").stdout
            time = re.search(r"^Time stamp: (.*)$", told, re.MULTILINE)
            since = ""
            if verified.returncode and time and (then := seconds(time[1])) is not None:
                # Certificates end; what was confirmed before that stays so.
                again = subprocess.run([*verify, "-attime", str(then)], capture_output=True, check=False)
                if again.returncode == 0:
                    since = "; its certificate was valid then and is not now: it has expired since"
        except OSError as error:
            raise Unseen(f"openssl: {error}") from None
    why = ([""] + [line for line in verified.stderr.splitlines() if line.strip()])[-1]
    confirmed = verified.returncode == 0 or since
    need(confirmed, f"the authority of {authority} has not confirmed this checkpoint: {why}")
    if not time:
        raise Unseen("openssl does not tell the time of the timestamp")
    say("right", f"the log had its first {stamped.size} entries on {time[1]}, says the timestamp authority{since}")


# What to do about a bag whose checkpoint has too few witnesses: it has those of its time, and no more will sign it.
OLDER = (
    "ask for a newer bundle, or judge this one by the policy of its day, and its data/checkpoint as OLD by "
    "`yidang-verify consistency OLD NEW --path FILE --policy FILE`, with a newer checkpoint that has the quorum as NEW"
)


def check_bag(root, policy, authority, say):
    files = Bag(root)
    say("right", f"{len(files.digests)} files are as they were packed")
    contents = Contents(parse_json(files.get("data/proof.json"), "data/proof.json"))
    note_text = text_of(files.get("data/checkpoint"), "the checkpoint")
    note = Note(note_text)
    witnesses, few = policy.signed(note)
    need(not few, f"{few}; {OLDER}")
    say("right", f"the log {note.origin} has signed its {note.size} entries")
    if policy.quorum == "none":
        say("not checked", "whether the log shows others another history: the policy asks for no witness")
    else:
        say("right", f"enough witnesses have signed: {', '.join(witnesses)}")
    entries = read_entries(files, contents, note_text, note)
    say("right", f"{len(entries)} entries stand in the log, and what they commit to is here")
    objects = read_objects(files, entries)
    say("right", f"{len(objects)} papers and manifests are those that the entries name")
    check_subject(files, contents, entries, objects, say)
    check_history(files, contents, entries, note, say)
    check_timestamp(files, note, max(entries), authority, say)
    if any(path == "README.html" or path.startswith("previews/") for path in files):
        people = "they are for people, and prove nothing"
        say("not checked", f"what README.html and the small pictures show: {people}")


def given(place):
    """The text of a file that the auditor names."""
    try:
        return place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Unseen(f"{place} is not UTF-8") from None


def check_consistency(old, new, path, policy, say):
    old, new = Note(given(old)), Note(given(new))
    _, lacking = policy.signed(old)
    _, few = policy.signed(new)
    need(not few, f"the newer checkpoint: {few}")
    need(old.origin == new.origin, "the checkpoints are of two logs")
    hashes = [hash_of(line, "the path") for line in given(path).splitlines()] if path else []
    consistent(old.size, old.root, new.size, new.root, hashes)
    if lacking:
        # The newer one answers for all that it begins with.
        say("not checked", f"the older checkpoint by itself: {lacking}; the newer one has the quorum")
    say("right", f"the {new.size} entries of {new.origin} begin with the {old.size} of before")


def main(words):
    places, flags = [], {}
    while words:
        word = words.pop(0)
        if word in ("--policy", "--path", "--tsa") and words:
            flags[word] = pathlib.Path(words.pop(0))
        else:
            places.append(word)
    fits = places[:1] == ["consistency"] and len(places) == 3 or len(places) == 1
    if "--policy" not in flags or not fits or any(place.startswith("--") for place in places):
        print(__doc__, file=sys.stderr)
        return 2

    # A name in a bag may have what the terminal has not.
    sys.stdout.reconfigure(errors="backslashreplace")

    def say(result, sentence):
        print(f"{result:11}  {sentence}")

    try:
        try:
            policy = Policy(given(flags["--policy"]))
        except Wrong as why:
            raise Unseen(str(why)) from None
        if len(places) == 3:
            check_consistency(pathlib.Path(places[1]), pathlib.Path(places[2]), flags.get("--path"), policy, say)
        else:
            check_bag(pathlib.Path(places[0]), policy, flags.get("--tsa"), say)
    except Wrong as why:
        say("WRONG", why)
        print("NOT SOUND")
        return 1
    except (Unseen, OSError, MemoryError) as why:
        say("NOT SEEN", why)
        print("COULD NOT LOOK")
        return 3
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as why:
        say("WRONG", f"something is not of the form it should have: {why!r}")
        print("NOT SOUND")
        return 1
    print("sound")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
