#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes an SPDX 2.3 document beside each Debian package: what it needs, and what was compiled into it, with versions.

    packaging/sbom.py FILE.buildinfo PACKAGE.deb...

Versions are those that it was built with, from the .buildinfo file. Two runs over the same files write the same.
"""

import hashlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

# Header-only libraries, which no dependency of the package tells of: the start of the -dev package's name, the licence.
COMPILED_IN = {"libboost1": "BSL-1.0", "nlohmann-json3-dev": "MIT", "libcli11-dev": "BSD-3-Clause"}
LICENCES = {"hailstone": "Apache-2.0 AND GPL-3.0-or-later"}


def fields(deb: Path) -> dict[str, str]:
    said = subprocess.run(["dpkg-deb", "-f", deb], capture_output=True, text=True, check=True).stdout
    return dict(line.split(": ", 1) for line in said.splitlines() if re.match(r"[A-Z][\w-]*: ", line))


def built_with(buildinfo: str) -> dict[str, str]:
    """Package -> version, of all that was installed."""
    listed = buildinfo.split("Installed-Build-Depends:")[1].split("Environment:")[0]
    return dict(re.findall(r"^ ([\w.+-]+)(?::\w+)? \(= ([^)]+)\)", listed, re.MULTILINE))


def names_of(depends: str) -> list[str]:
    """The first of alternatives, without versions."""
    return [re.split(r"[ |(:]", one.strip())[0] for one in depends.split(",") if one.strip()]


def spdx_id(name: str) -> str:
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name: str, version: str, licence: str = "NOASSERTION") -> dict:
    return {"SPDXID": spdx_id(name), "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False, "licenseConcluded": licence, "licenseDeclared": licence,
            "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                              "referenceLocator": f"pkg:deb/debian/{name}@{version}"}]}


def document(deb: Path, versions: dict[str, str], when: str) -> dict:
    control = fields(deb)
    digest = hashlib.sha256(deb.read_bytes()).hexdigest()
    own = package(control["Package"], control["Version"], LICENCES.get(control["Package"], "Apache-2.0"))
    own["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]
    own["packageFileName"] = deb.name
    needs = names_of(control.get("Depends", ""))
    packages = [own] + [package(name, versions.get(name, "any")) for name in needs]
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", own["SPDXID"])]
    relations += [(own["SPDXID"], "DEPENDS_ON", spdx_id(name)) for name in needs]
    if "libc6" in needs:  # it holds programs
        inside = [(name, licence) for prefix, licence in COMPILED_IN.items() for name in sorted(versions)
                  if name.startswith(prefix) and name.endswith("-dev")]
        packages += [package(name, versions[name], licence) for name, licence in inside]
        relations += [(own["SPDXID"], "CONTAINS", spdx_id(name)) for name, _ in inside]
    return {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": deb.stem,
            "documentNamespace": f"https://hailstone.example.org/spdx/{digest}",
            "creationInfo": {"created": when, "creators": ["Tool: packaging/sbom.py"]},
            "packages": packages,
            "relationships": [{"spdxElementId": a, "relationshipType": kind, "relatedSpdxElement": b}
                              for a, kind, b in relations]}


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    buildinfo = Path(sys.argv[1]).read_text()
    epoch = re.search(r'SOURCE_DATE_EPOCH="(\d+)"', buildinfo)
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(epoch[1]) if epoch else 0))
    versions = built_with(buildinfo)
    for name in sys.argv[2:]:
        deb = Path(name)
        if "-dbgsym_" in deb.name:
            continue
        deb.with_suffix(".spdx.json").write_text(json.dumps(document(deb, versions, when), indent=1) + "\n")


if __name__ == "__main__":
    main()
