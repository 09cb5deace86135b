# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Checks the rules of the house that no compiler checks: who may include whom, which library stays
in which room, sizes, and that paths are made in one place. Run from anywhere; needs only Python."""

import json
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"

# Room -> rooms it may include, besides itself. The picture is in ARCHITECTURE.md.
MAY_INCLUDE = {
    "base": set(),
    "os": {"base"},
    "net": {"log", "os", "base"},
    "formats": {"base"},
    "media": {"base"},
    "inference": {"media", "base"},
    "vision": {"inference", "media", "formats", "base"},
    "speech": {"inference", "media", "base"},
    "log": {"base"},
    "core/metrics": {"base"},
    "core/config": {"base"},
    "core/store": {"inference", "log", "os", "base"},
    "core/catalog": {"core/measurements", "core/store", "inference", "log", "base"},
    "core/engines": {"core/catalog", "inference", "log", "base"},
    "core/workers": {"core/catalog", "inference", "log", "base"},
    "core/registry": {"core/store", "log", "os", "base"},
    "core/measurements": {"inference", "core/store", "log", "base"},
    "core/database": {"log", "os", "base"},
    "core/queues": {"core/catalog", "log", "base"},
    "core/certificates": {"base"},
    "core/jobs": {"core/database", "log", "os", "base"},
    "core/people": {"core/database", "log", "os", "base"},
    "core/announce": {"log", "os", "base"},
    "core/machine": {"log", "core/metrics", "os", "base"},
    "core/doctor": {"core/config", "core/workers", "inference", "core/machine", "core/store", "os", "base"},
    "core/runtime": {"inference", "log", "core/metrics", "os", "base"},
    "hosting": {"inference", "media", "log", "os", "base"},
    "http": {"net", "log", "core/metrics", "core/config", "os", "base"},
    "cli": {"core/certificates", "core/catalog", "core/config", "core/doctor", "core/store", "vision", "media", "formats", "net", "os", "base"},
}
SERVICE_MAY_INCLUDE = {
    "services/common", "services/vision/picture", "services/speech/sound", "http", "log", "core/metrics", "core/config",
    "core/store", "core/catalog", "core/registry", "core/runtime", "core/machine",
    "core/measurements", "core/database", "core/doctor", "core/jobs", "core/people", "core/queues", "core/workers", "vision", "speech", "inference", "media", "formats", "os", "base",
}
# A service room that builds on another one: the written exceptions.
SERVICE_BUILDS_ON = {
    "services/vision/deepstack": {"services/vision/faces"},
    # Dialects of language models; text/dialect is what they share.
    "services/text/dialect": {"services/text/chat"},
    "services/text/openai": {"services/text/dialect", "services/text/chat", "services/text/embed",
                             "services/library/models"},
    "services/text/responses": {"services/text/dialect", "services/text/chat"},
    "services/text/anthropic": {"services/text/dialect", "services/text/chat"},
    "services/text/rerank": {"services/text/dialect"},
    "services/text/vlm": {"services/text/dialect", "services/text/chat"},
    # A protocol that is no HTTP, over all that speaks, hears and answers.
    "services/speech/wyoming": {"services/speech/speak", "services/speech/transcribe", "services/speech/wake",
                                "services/text/chat", "services/text/home", "net"},
    # A talk is hearing, chatting and speaking at once.
    "services/speech/voice": {"services/speech/transcribe", "services/speech/speak", "services/speech/wake",
                              "services/text/chat", "services/text/dialect"},
    "services/speech/realtime": {"services/speech/voice", "services/speech/transcribe", "services/speech/speak",
                                 "services/text/chat", "services/text/dialect"},
    "services/work/batches": {"services/work/jobs"},  # which are jobs of one file
    "services/work/ends": {"services/work/jobs"},
    "services/work/sources": {"services/work/jobs", "services/work/ends", "services/work/brokers"},
}
ENGINE_MAY_INCLUDE = {"inference", "media", "log", "formats", "os", "net", "base"}

# Header prefix -> places that may include it.
LIBRARY_ROOMS = {
    "boost/": {"http", "net"},
    "spdlog/": {"log"},
    "prometheus/": {"core/metrics"},
    "toml++/": {"core/config", "core/catalog", "core/engines", "core/queues", "core/workers"},
    "CLI/": {"cli"},
    "openssl/": {"core/certificates", "services/work/ends", "core/jobs", "core/store", "core/registry", "http"},
    "curl/": {"core/registry"},
    "sqlite3.h": {"core/database"},
    "mosquitto": {"services/work/sources"},
    "nats/": {"services/work/brokers"},
    "libpq": {"services/work/brokers"},
    "systemd/": {"app", "core/announce", "log"},
    "histedit.h": {"cli"},
    "jpeglib.h": {"media"},
    "png.h": {"media"},
    "webp/": {"media"},
    "sndfile.h": {"media"},
    "mpg123.h": {"media"},
    "soxr.h": {"media"},
    "opus/": {"media"},
    "zlib.h": {"services/speech/transcribe"},
    "webm/": {"media"},
    "flite/": {"engines/flite"},
    "espeak-ng/": {"engines/espeak"},
    "pocketsphinx.h": {"engines/pocketsphinx"},
    "speex/": {"engines/pocketsphinx", "cli"},
    "alsa/": {"cli"},
    "onnxruntime": {"engines/onnx"},
    "opencv2/": {"media", "vision", "engines/opencv"},
    "hailo/": {"engines/hailo"},
    "whisper.h": {"engines/whisper"},
    "tesseract/": {"engines/tesseract"},
    "leptonica/": {"engines/tesseract"},
    # And every wire*.
    "nlohmann/": {"http", "core/config", "core/store", "core/catalog", "core/registry", "core/workers", "cli"},
}

# Where a limit is broken today; these lists may only get shorter.
LONG_FILES: set[str] = set()
LONG_FUNCTIONS: set[str] = set()

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def sources() -> list[Path]:
    return sorted(p for p in SRC.rglob("*") if p.suffix in {".cpp", ".hpp"})


def is_test(path: Path) -> bool:
    """The contract suite in inference/ is a test that the engines' tests include."""
    return (path.stem.endswith(("_test", "_fuzz")) or path.stem.startswith("contract_")
            or "testing" in path.parts)


def room_of(path: str) -> str:
    parts = path.split("/")
    depth = 2 if parts[0] in {"core", "services", "engines"} else 1
    if parts[:1] == ["services"] and parts[1] != "common":
        depth = 3  # services/FLOOR/ROOM
    return "/".join(parts[:depth])


def relative(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


def includes(path: Path, quote: str) -> list[str]:
    return [name for mark, name in INCLUDE.findall(path.read_text()) if mark == quote]


def allowed_for(path: Path) -> set[str] | None:
    """None: everything."""
    room = room_of(relative(path))
    if room == "app":
        return None
    if room.startswith("services/"):
        return SERVICE_MAY_INCLUDE | SERVICE_BUILDS_ON.get(room, set())
    if room.startswith("engines/"):
        # The main of an engine host is where an engine meets the hosting room.
        return ENGINE_MAY_INCLUDE | ({"hosting"} if path.parent.name == "host" else set())
    return MAY_INCLUDE[room]


def without_text(source: str) -> str:
    """The source with comments, strings and characters blanked out; lines stay where they are."""
    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match.group(0))
    pattern = r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*(?:.|\n)*?\*/'
    return re.sub(pattern, blank, source)


def functions(path: Path) -> list[tuple[str, int]]:
    """(first line, length in lines) of every function body, by counting braces."""
    found, stack = [], []
    lines = without_text(path.read_text()).split("\n")
    statement_start = 0
    for number, line in enumerate(lines):
        for column, char in enumerate(line):
            if char == "{":
                head = " ".join(lines[statement_start:number]) + line[:column]
                inside = any(kind == "function" for kind, _ in stack)
                scope = re.search(r"\b(namespace|class|struct|enum|union)\b[^()]*$", head)
                is_function = not inside and not scope and ")" in head
                stack.append(("function" if is_function else "other", statement_start))
                statement_start = number + 1
            elif char == "}" and stack:
                kind, start = stack.pop()
                if kind == "function":
                    found.append((lines[start].strip(), number - start + 1))
                statement_start = number + 1
            elif char == ";" and not any(kind == "function" for kind, _ in stack):
                statement_start = number + 1
    return found


class IncludeRules(unittest.TestCase):
    def test_rooms_include_only_what_stands_below_them(self) -> None:
        bad = []
        for path in sources():
            allowed = allowed_for(path)
            if allowed is None or is_test(path):
                continue
            own = room_of(relative(path))
            for name in includes(path, '"'):
                if room_of(name) not in allowed | {own}:
                    bad.append(f"{relative(path)} includes {name}")
        self.assertEqual(bad, [])

    def test_services_and_engines_never_meet_even_in_tests(self) -> None:
        bad = [f"{relative(path)} includes {name}"
               for path in sources() if relative(path).startswith("engines/")
               for name in includes(path, '"') if name.startswith("services/")]
        bad += [f"{relative(path)} includes {name}"
                for path in sources() if relative(path).startswith("services/")
                for name in includes(path, '"')
                if name.startswith("engines/") and not (is_test(path) and "/fake/" in name)]
        self.assertEqual(bad, [])

    def test_libraries_stay_in_their_rooms(self) -> None:
        bad = []
        for path in sources():
            if is_test(path):
                continue
            room = room_of(relative(path))
            for name in includes(path, "<"):
                for prefix, rooms in LIBRARY_ROOMS.items():
                    is_wire = prefix == "nlohmann/" and "wire" in path.stem
                    if name.startswith(prefix) and room not in rooms and not is_wire:
                        bad.append(f"{relative(path)} includes <{name}>")
        self.assertEqual(bad, [])

    def test_no_include_rings(self) -> None:
        graph = {relative(p): [n for n in includes(p, '"') if (SRC / n).exists()]
                 for p in sources() if p.suffix == ".hpp" and not is_test(p)}
        done: set[str] = set()

        def visit(node: str, trail: list[str]) -> None:
            self.assertNotIn(node, trail, "ring: " + " -> ".join([*trail, node]))
            if node in done:
                return
            for child in graph.get(node, []):
                visit(child, [*trail, node])
            done.add(node)

        for node in graph:
            visit(node, [])


class Sizes(unittest.TestCase):
    def test_files_stay_small(self) -> None:
        lengths = {relative(p): len(p.read_text().splitlines()) for p in sources()}
        too_long = {name for name, lines in lengths.items() if lines > 600}
        self.assertEqual(too_long, LONG_FILES)
        ordered = sorted(lengths.values())
        self.assertLessEqual(ordered[int(len(ordered) * 0.9)], 350)

    def test_functions_stay_small(self) -> None:
        every = [(relative(p), head, lines) for p in sources() if not is_test(p)
                 for head, lines in functions(p)]
        self.assertGreater(len(every), 100, "the function finder finds nothing")
        too_long = {f"{name}: {head}" for name, head, lines in every if lines > 80}
        self.assertEqual(too_long, LONG_FUNCTIONS)
        long = [f"{lines} {name}: {head}" for name, head, lines in every if lines > 40]
        self.assertLessEqual(len(long), len(every) * 0.05, "\n".join(long))

    def test_folders_stay_small(self) -> None:
        crowded = []
        for folder in [SRC, *(p for p in SRC.rglob("*") if p.is_dir())]:
            files = [p for p in folder.iterdir() if p.is_file() and not is_test(p)]
            if len(files) > 22:
                crowded.append(f"{folder.relative_to(ROOT)}: {len(files)} files")
        self.assertEqual(crowded, [])

    def test_build_files_stay_small(self) -> None:
        files = [p for p in ROOT.rglob("CMakeLists.txt") if "build" not in p.parts]
        files += list((ROOT / "cmake").glob("*.cmake"))
        long = [str(p) for p in files if len(p.read_text().splitlines()) > 150]
        self.assertEqual(long, [])


class OnePlace(unittest.TestCase):
    def test_only_the_store_makes_blob_paths(self) -> None:
        users = {relative(p) for p in sources()
                 if not is_test(p) and re.search(r'"(/?blobs/?|sha256-)"', p.read_text())}
        self.assertLessEqual(users, {"core/store/blobs/digest.cpp"})

    def test_our_headers_have_their_names_in_one_place(self) -> None:
        """There the list stands of those that web pages may read. The command line is a client."""
        users = {relative(p) for p in sources()
                 if not is_test(p) and '"X-Hailstone-' in p.read_text()}
        users = {user for user in users if room_of(user) != "cli"}
        self.assertEqual(users, {"http/header_names.hpp"})
        text = (SRC / "http/header_names.hpp").read_text()
        ours = set(re.findall(r"(k\w+)\[\] =", text)) - {"kLaneHeader"}  # that is of requests
        exposed = set(re.findall(r"k\w+Header\b", text.partition("kExposedHeaders")[2]))
        self.assertEqual(exposed, ours)

    def test_every_source_names_its_licence(self) -> None:
        bad = [relative(p) for p in sources()
               if "SPDX-License-Identifier: Apache-2.0" not in p.read_text()[:300]]
        self.assertEqual(bad, [])

    def test_nothing_leaves_the_process_behind_our_back(self) -> None:
        """Nothing below app/ ends the process; STYLE: no sleeping loops, no detached threads."""
        pattern = re.compile(r"\b(std::exit|std::abort|std::terminate|sleep_for|detach)\s*\(")
        allowed = ("app/", "engines/fake/", "cli/", "engines/hailo/hailort/")  # the last detaches no threads
        bad = [f"{relative(p)}: {match.group(0)}" for p in sources()
               if not is_test(p) and not relative(p).startswith(allowed)
               for match in pattern.finditer(without_text(p.read_text()))]
        self.assertEqual(bad, [])

    def test_no_large_files_are_committed(self) -> None:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True,
                                check=False).stdout.decode().split("\0")
        large = [name for name in listed if name and (ROOT / name).is_file()
                 and (ROOT / name).stat().st_size > 12_000_000]
        self.assertEqual(large, [])


class Presets(unittest.TestCase):
    def test_presets_of_one_folder_set_the_same_variables(self) -> None:
        """What one leaves out keeps the value that the other gave it: ./check after ./run."""
        variables: dict[str, set[frozenset[str]]] = {}
        for preset in json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]:
            if not preset.get("hidden"):
                folder = preset.get("binaryDir", "${sourceDir}/build/" + preset["name"])
                variables.setdefault(folder, set()).add(frozenset(preset["cacheVariables"]))
        for folder, sets in variables.items():
            self.assertEqual(len(sets), 1, f"{folder}: {sets}")


if __name__ == "__main__":
    unittest.main()
