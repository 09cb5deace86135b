#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Man pages and completions, made of what the program says of itself.

    packaging/from_help.py --version VERSION --date DATE --out FOLDER COMMAND...

COMMAND runs the program (two words where an emulator runs it). FOLDER gets hailstone.1, hailstone.toml.5,
hailstone.bash and _hailstone. Nothing in them depends on when or where they are made.
"""

import argparse
import dataclasses
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Verbs whose arguments are names of models that the service knows.
MODEL_VERBS = ("run", "show", "stop", "rm", "cp", "push", "bench")


@dataclasses.dataclass
class Option:
    flags: str  # "-h,--help", "--model MODEL"
    help: str

    def names(self):
        return re.findall(r"(?<![\w-])--?[a-z][\w-]*", self.flags.split(" ", 1)[0])

    def value(self):
        return self.flags.partition(" ")[2].replace(" ...", "").split(" Excludes")[0]


@dataclasses.dataclass
class Help:
    about: str
    usage: str
    sections: dict  # heading -> [Option]
    footer: str


def parse_help(text):
    """CLI11's layout: an option a line, its help from column 30 on or on the lines below."""
    about, usage, sections, footer, current = [], "", {}, [], None
    for line in text.splitlines():
        if line.startswith("Usage:"):
            usage = line.removeprefix("Usage:").strip()
        elif re.fullmatch(r"[A-Z][A-Za-z ]*:", line):
            current = sections.setdefault(line[:-1], [])
        elif current is not None and re.match(r"  \S", line):
            flags, _, said = line.strip().partition("  ")
            if not said and len(line) > 30 and line[29] == " ":  # no room for two blanks
                flags, said = line[2:29].strip(), line[30:]
            current.append(Option(flags.strip(), said.strip()))
        elif current and line.startswith("   "):
            current[-1].help = f"{current[-1].help} {line.strip()}".strip()
        elif not usage:
            about.append(line)
        elif line.strip():
            footer.append(line)
    return Help(" ".join(about).strip(), usage, sections, "\n".join(footer))


def read_verb(command, name):
    """A command that another program implements (worker: Python) explains itself in other ways, and not while we build."""
    done = subprocess.run([*command, "help", name], capture_output=True, text=True)
    if done.returncode == 0 and "\nUsage: " in done.stdout:
        return parse_help(done.stdout)
    return Help("", f"hailstone {name} [--help]", {}, "")


def read_help(command, *words):
    done = subprocess.run([*command, *words], capture_output=True, text=True, check=True)
    return parse_help(done.stdout)


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def man_head(name, section, what, args):
    return [f'.TH {name.upper()} {section} "{args.date}" "Hailstone {args.version}"',
            ".SH NAME", f"{roff(name)} \\- {roff(what)}"]


def man_options(options):
    for option in options:
        names, _, value = option.flags.partition(" ")
        yield ".TP"
        yield f"\\fB{roff(names)}\\fR" + (f" \\fI{roff(value)}\\fR" if value else "")
        yield roff(option.help or "(no further words)")


def program_page(program, verbs, args):
    out = man_head("hailstone", 1, "AI services for a small machine", args)
    out += [".SH SYNOPSIS", ".B hailstone", "\\fICOMMAND\\fR [\\fIOPTION\\fR...]"]
    out += [".SH DESCRIPTION", roff(program.about.replace("`", "\""))]
    out += [".SH COMMANDS"]
    for name, (about, page) in verbs.items():
        out += [f".SS {roff(name)}", roff(about[:1].upper() + about[1:]) + ".", ".PP",
                f"\\fB{roff(page.usage)}\\fR"]
        for heading, options in page.sections.items():
            own = [o for o in options if "--help" not in o.names()]
            if own and heading != "Subcommands":
                out += man_options(own)
    out += [".SH EXIT STATUS", "0 done, 1 failed, 2 wrong usage, 3 no service there, 130 interrupted."]
    out += [".SH ENVIRONMENT", ".TP", "\\fBHAILSTONE_HOST\\fR, \\fBOLLAMA_HOST\\fR",
            "the service that commands talk to", ".TP", "\\fBHAILSTONE_API_KEY\\fR",
            "the key, where the service wants one", ".PP",
            "Every setting of \\fBhailstone.toml\\fR(5) has a variable, too."]
    out += [".SH FILES", ".TP", "\\fI/etc/hailstone/hailstone.toml\\fR", "settings of the service", ".TP",
            "\\fI/var/lib/hailstone\\fR", "models, jobs, and the engine runtime of the service", ".TP",
            "\\fI/usr/share/doc/hailstone\\fR", "the manual"]
    out += [".SH SEE ALSO", "\\fBhailstone.toml\\fR(5), \\fBsystemctl\\fR(1), \\fBjournalctl\\fR(1)"]
    return "\n".join(out) + "\n"


def settings_page(args):
    """Of the table in docs/configuration.md, which a test keeps equal to the program's own."""
    text = (ROOT / "docs/configuration.md").read_text()
    out = man_head("hailstone.toml", 5, "settings of the Hailstone service", args)
    out += [".SH DESCRIPTION",
            "TOML, one \\fIname = value\\fR a line, lists in brackets. \\fBhailstone config\\fR prints what is in "
            "force and where each value came from. After a change: \\fBsystemctl restart hailstone\\fR."]
    out += [".SH SETTINGS"]
    row = re.compile(r"^\| `(\w+)` \| (?:`([^|]*?)`)? *\| (.*?) \| (?:`(.*?)`)? *\| (.*?) \|$", re.MULTILINE)
    for name, flag, variables, default, meaning in row.findall(text):
        out += [".TP", f"\\fB{name}\\fR", roff(meaning.replace("`", ""))]
        if default:
            out += ["(default: " + roff(default.replace("`", "")) + ")"]
        out += [".br", "Variables: " + roff(variables.replace("`", "")) + (f"; flag: {roff(flag)}" if flag else "")]
    out += [".SH SEE ALSO", "\\fBhailstone\\fR(1)"]
    return "\n".join(out) + "\n"


def flags_of(page):
    return [n for options in page.sections.values() for o in options for n in o.names() if n.startswith("--")]


def bash_completion(verbs):
    cases = "\n".join(f"    {name}) flags='{' '.join(flags_of(page))}' ;;" for name, (_, page) in verbs.items())
    return f"""# bash completion for hailstone
_hailstone_models() {{
  timeout 2 hailstone list 2>/dev/null | awk 'NR > 1 {{ print $1 }}'
}}

_hailstone() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} verb=${{COMP_WORDS[1]}} flags=''
  # A model's tag is behind a colon, which divides words here.
  if declare -F _get_comp_words_by_ref >/dev/null; then _get_comp_words_by_ref -n : cur; fi
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 || $verb == help ]]; then
    mapfile -t COMPREPLY < <(compgen -W '{' '.join(verbs)} help' -- "$cur")
    return
  fi
  case $verb in
{cases}
  esac
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$cur")
  elif [[ $previous == --model || " {' '.join(MODEL_VERBS)} " == *" $verb "* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_hailstone_models)" -- "$cur")
    if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
  else
    compopt -o default
  fi
}}
complete -F _hailstone hailstone
"""


def quoted(text):
    return text.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")


def zsh_completion(verbs):
    out = ["#compdef hailstone", "", "_hailstone_models() {", "  local -a models",
           "  models=(${(f)\"$(hailstone list 2>/dev/null | awk 'NR > 1 { print $1 }')\"})",
           "  _describe model models", "}", "", "_hailstone() {", "  local -a verbs", "  verbs=("]
    out += [f"    '{name}:{quoted(about)}'" for name, (about, _) in verbs.items()]
    out += ["    'help:what works'", "  )", "  if (( CURRENT == 2 )); then", "    _describe command verbs",
            "    return", "  fi", "  case $words[2] in"]
    for name, (_, page) in verbs.items():
        out.append(f"    {name})")
        words = []
        for options in page.sections.values():
            for option in options:
                for flag in option.names():
                    if not flag.startswith("--"):
                        continue
                    value = f":{quoted(option.value())}:" if option.value() else ""
                    action = "_hailstone_models" if flag == "--model" else "_files" if value else ""
                    words.append(f"'{flag}[{quoted(option.help)}]{value}{action}'")
        rest = "_hailstone_models" if name in MODEL_VERBS else "_files"
        out.append("      _arguments " + " \\\n        ".join([*words, f"'*:argument:{rest}'"]) + " ;;")
    out += ["  esac", "}", "", "_hailstone \"$@\""]
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("version", "date", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    program = read_help(args.command, "--help")
    listed = program.sections.get("Subcommands", [])
    if not listed:
        sys.exit("from_help: the program lists no commands")
    verbs = {o.flags: (o.help, read_verb(args.command, o.flags)) for o in listed}
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    (out / "hailstone.1").write_text(program_page(program, verbs, args))
    (out / "hailstone.toml.5").write_text(settings_page(args))
    (out / "hailstone.bash").write_text(bash_completion(verbs))
    (out / "_hailstone").write_text(zsh_completion(verbs))


if __name__ == "__main__":
    main()
