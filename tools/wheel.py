"""Takes files out of a Python package that is pinned by hash.

    wheel.py REQUIREMENTS FOLDER NAME...

Downloads the one package that the file REQUIREMENTS names and puts those of
its files whose last path component is a NAME into FOLDER. No code of the
package is run.
"""

import pathlib
import subprocess
import sys
import tempfile
import zipfile

requirements, folder, *names = sys.argv[1:]
folder = pathlib.Path(folder)
with tempfile.TemporaryDirectory() as work:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    pinned = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-r", requirements]
    subprocess.run([*pip, *pinned, "-d", work], check=True)
    for wheel in pathlib.Path(work).glob("*.whl"):
        with zipfile.ZipFile(wheel) as package:
            for member in package.namelist():
                name = member.rsplit("/", 1)[-1]
                if name in names:
                    (folder / name).write_bytes(package.read(member))
