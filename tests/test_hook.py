"""`check --hook`: what is about to be committed, in real repositories."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from cached import age
from conftest import run_apart
from repositories import Found, Repository, open_repository

from vaultlint import engine, git

NOTES: dict[str, str | bytes] = {
    ".obsidian/app.json": "{}",
    "Trade.md": "# Trade\n\nSee [[Aid]] and ![[chart.png]].\n",
    "Aid.md": "# Aid\n\n## Grants\n\nWords. ^one\n",
    "Ports.md": "# Ports\n\n[[Aid#Grants]], [[Aid#^one]], [[Old]].\n\n[[never written]]\n",
    "topics/Old.md": "# Old\n",
    "img/chart.png": b"\x89PNG",
}
KNOWN = Found("Ports.md", "broken-link", "")


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with a vault at its top, committed; one link in it is broken already."""
    repository = open_repository(tmp_path, monkeypatch)
    repository.commit(NOTES)
    return repository


# ---- what a commit can do to a vault


def test_nothing_is_staged(repo: Repository) -> None:
    repo.write({"Trade.md": "[[nowhere]]"})
    result = repo.run("check", "--hook")
    assert (result.exit_code, result.output) == (0, "")


def test_all_findings_in_an_edited_note_are_told(repo: Repository) -> None:
    repo.stage({"Ports.md": "[[gone]]\n\n[[never written]]\n"})
    assert repo.hook() == [KNOWN, KNOWN]


def test_a_clean_edit_passes_though_another_note_has_findings(repo: Repository) -> None:
    repo.stage({"Trade.md": "# Trade\n\nOther words.\n"})
    result = repo.run("check", "--hook")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Nothing new: 4 notes checked")
    assert result.output.endswith("; 0 new, 0 fixed, 1 known since HEAD.\n")


def test_a_deleted_note_breaks_notes_that_did_not_change(repo: Repository) -> None:
    repo.git("rm", "-q", "Aid.md")
    cause = "`Aid.md` was deleted in this commit"
    assert repo.hook() == [
        *[Found("Ports.md", "broken-link", cause)] * 2,
        Found("Trade.md", "broken-link", cause),
    ]
    shown = repo.run("check", "--hook").output
    assert "  = `Aid.md` was deleted in this commit: Aid.md:1\n" in shown


def test_a_renamed_note(repo: Repository) -> None:
    repo.git("mv", "Aid.md", "Foreign aid.md")
    cause = "`Aid.md` was renamed to `Foreign aid.md` in this commit"
    assert {found.cause for found in repo.hook()} == {cause}
    assert set(repo.messages()) == {"no note `Aid`; did you mean `Foreign aid`?"}
    assert [found.path for found in repo.hook()] == ["Ports.md", "Ports.md", "Trade.md"]


def test_a_link_to_a_renamed_file_is_told_its_new_name(repo: Repository) -> None:
    links = "[[topics/Old|x]] ![[old#Part]] [[Old.md]] [x](Old.md) [[Old ones]]\n"
    repo.commit({"Links.md": links, "Oldest ones.base": "", "far/Name.md": ""})
    repo.git("mv", "topics/Old.md", "topics/Name.md")
    result = repo.run("check", "--hook", "--output-format", "json")
    found = json.loads(result.stdout)["findings"]
    assert [each["suggestions"][:1] for each in found if each["path"] == "Links.md"] == [
        ["[[topics/Name|x]]"],
        ["![[topics/Name#Part]]"],
        ["[[topics/Name.md]]"],
        ["[x](topics/Name.md)"],
    ]


def test_a_note_that_leaves_the_vault(repo: Repository) -> None:
    move_into_a_folder(repo)
    repo.commit()
    repo.git("mv", "notes/Aid.md", "Aid.md")
    cause = "`Aid.md` was moved to `../Aid.md` in this commit"
    assert {found.cause for found in repo.hook("notes")} == {cause}
    assert (
        "  = `Aid.md` was moved to `../Aid.md` in this commit: Aid.md:1\n"
        in repo.run("check", "--hook", "notes").output
    )
    repo.commit()
    repo.git("mv", "Aid.md", "notes/Aid.md")
    assert repo.hook("notes") == []


def test_a_rename_that_is_followed_by_all_links_passes(repo: Repository) -> None:
    repo.git("mv", "topics/Old.md", "topics/Oldest.md")
    ports = (
        str(NOTES["Ports.md"]).replace("[[Old]]", "[[Oldest]]").replace("\n\n[[never written]]", "")
    )
    repo.stage({"Ports.md": ports})
    assert repo.hook() == []


def test_a_rename_of_the_letter_case_alone(repo: Repository) -> None:
    repo.git("mv", "Aid.md", "aid.md")
    assert repo.hook() == []
    found = repo.hook("--extend-select", "case-mismatch-link")
    assert {each.rule for each in found} == {"case-mismatch-link"}
    assert {each.cause for each in found} == {"`Aid.md` was renamed to `aid.md` in this commit"}


def test_a_moved_folder(repo: Repository) -> None:
    repo.commit(
        {
            "topics/deep/Here.md": "[up](../Old.md) [[Trade]] [[missing already]]\n",
            "Whole.md": "[[topics/deep/Here]]\n",
        }
    )
    repo.git("mv", "topics/deep", "moved")
    own = "`topics/deep/Here.md` was moved to `moved/Here.md` in this commit"
    assert repo.hook() == [
        Found("Whole.md", "broken-link", own),
        Found("moved/Here.md", "accidental-link", own),
    ]


def test_a_deleted_image(repo: Repository) -> None:
    repo.git("rm", "-q", "img/chart.png")
    cause = "`img/chart.png` was deleted in this commit"
    assert repo.hook() == [Found("Trade.md", "broken-embed", cause)]


@pytest.mark.parametrize("form", ["github", "markdown", "sarif", "full"])
def test_formats_tell_the_cause(repo: Repository, form: str) -> None:
    repo.git("mv", "img/chart.png", "chart.png")
    repo.commit()
    repo.git("rm", "-q", "chart.png")
    shown = repo.run("check", "--hook", "--output-format", form).output
    assert "`chart.png` was deleted in this commit" in shown


def test_an_image_that_was_drawn_anew_matters_to_nothing(repo: Repository) -> None:
    repo.stage({"img/chart.png": b"\x89PNG2"})
    result = repo.run("check", "--hook")
    assert (result.exit_code, result.output) == (0, "")


def test_a_new_note_makes_a_link_ambiguous(repo: Repository) -> None:
    repo.commit({"deep/a/Note.md": "[[Old]]\n"})
    repo.stage({"other/Old.md": "# Old\n"})
    cause = "`other/Old.md` was added in this commit"
    assert set(repo.hook()) == {
        Found("Ports.md", "ambiguous-link", cause),
        Found("deep/a/Note.md", "ambiguous-link", cause),
    }


def test_a_heading_and_a_block_that_are_gone(repo: Repository) -> None:
    repo.stage({"Aid.md": "# Aid\n\n## Loans\n\nWords.\n"})
    cause = "`Aid.md` was changed in this commit"
    assert repo.hook() == [
        Found("Ports.md", "broken-heading", cause),
        Found("Ports.md", "broken-block", cause),
    ]


def test_a_glossary_that_changed(repo: Repository) -> None:
    repo.commit(
        {
            "vaultlint.toml": '[terms]\nglossary = ["terms.yaml"]\n',
            "terms.yaml": "- Pak–US\n",
            "Text.md": "Pak-US geoeconomics.\n",
        }
    )
    before = repo.found("Text.md")
    assert before == [("Text.md", "term-variant")]
    repo.stage({"terms.yaml": "- Pak–US\n- geo-economics\n"})
    cause = "`terms.yaml` was changed in this commit"
    assert repo.hook() == [Found("Text.md", "term-variant", cause)]


def test_a_configuration_that_came(repo: Repository) -> None:
    repo.stage({"vaultlint.toml": 'extend-select = ["orphan-note"]\n'})
    found = repo.hook()
    assert {each.rule for each in found} == {"orphan-note"}
    assert {each.cause for each in found} == {"`vaultlint.toml` was added in this commit"}
    repo.commit()
    repo.git("rm", "-q", "vaultlint.toml")
    assert repo.hook() == []


def test_a_damaged_configuration_is_mended(repo: Repository) -> None:
    repo.commit({"vaultlint.toml": "selcet = []\n"})
    repo.stage({"vaultlint.toml": "select = ['broken-embed']\n"})
    assert repo.hook() == []


def test_settings_of_obsidian_that_changed(repo: Repository) -> None:
    repo.write({".obsidian/app.json": '{"userIgnoreFilters": ["Ports"]}'})
    repo.commit()
    repo.stage({".obsidian/app.json": "{}"})
    assert repo.hook() == [
        Found("Ports.md", "broken-link", "`.obsidian/app.json` was changed in this commit")
    ]
    repo.commit()
    repo.stage({".obsidian/workspace.json": "{}"})
    assert repo.run("check", "--hook").output == ""


# ---- the index counts


def test_what_is_staged_counts_and_not_what_is_on_the_disk(repo: Repository) -> None:
    repo.stage({"Trade.md": "[[not staged away]]\n"})
    repo.write({"Trade.md": "All is well.\n"})
    assert repo.messages() == ["no note `not staged away`"]
    shown = repo.run("check", "--hook").output
    assert "1 | [[not staged away]]" in shown
    repo.git("reset", "-q", "--hard")
    repo.stage({"Trade.md": "All is well.\n"})
    repo.write({"Trade.md": "[[not staged]]\n"})
    assert repo.hook() == []


def test_a_note_that_was_not_added_is_told_as_such(repo: Repository) -> None:
    repo.stage({"Trade.md": "[[Brand new]] ![[new.png]]\n"})
    repo.write({"Brand new.md": "Words.\n", "img/new.png": b""})
    assert repo.messages() == [
        'no note `Brand new`: `Brand new.md` is here, but not in git: `git add "Brand new.md"`',
        "no file `new.png`: `img/new.png` is here, but not in git: `git add img/new.png`",
    ]
    repo.write({"Price $5.md": "Words.\n"})
    repo.stage({"Trade.md": "[[Price $5]]\n"})
    repo.git("rm", "-q", "--cached", "Price $5.md", "Brand new.md", "img/new.png")
    assert repo.messages() == [
        "no note `Price $5`: `Price $5.md` is here, but not in git: `git add 'Price $5.md'`"
    ]
    repo.write({"Trade.md": "[[Brand new]] ![[new.png]]\n"})
    repo.git("add", "Trade.md")
    repo.git("add", "--intent-to-add", "Brand new.md")
    assert len(repo.messages()) == 2
    repo.stage()
    assert repo.hook() == []


def test_a_file_that_git_ignores_is_told_by_its_own_rule(repo: Repository) -> None:
    repo.write({".gitignore": "*.pdf\n.vaultlint_cache/\n", "paper.pdf": b"%PDF"})
    repo.stage({"Trade.md": "[[paper.pdf]]\n"})
    assert [(f.path, f.rule) for f in repo.hook()] == [("Trade.md", "target-untracked")]
    assert repo.hook("--ignore", "target-untracked") == []


def test_the_index_that_git_names_is_read(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git commit FILE` commits an index of its own, and not what is staged."""
    repo.write({"Aid.md": "# Aid\n", "Trade.md": "[[gone]]\n"})
    repo.git("add", "Trade.md")
    repo.git("read-tree", "HEAD", GIT_INDEX_FILE=".git/own-index")
    repo.git("add", "Aid.md", GIT_INDEX_FILE=".git/own-index")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/own-index")
    assert [found.path for found in repo.hook()] == ["Ports.md", "Ports.md"]


# ---- where the vault is


def move_into_a_folder(repo: Repository) -> None:
    (repo.root / "notes").mkdir()
    for name in (".obsidian", "topics", "img", "Trade.md", "Aid.md", "Ports.md"):
        (repo.root / name).rename(repo.root / "notes" / name)


def test_a_vault_in_a_folder(repo: Repository) -> None:
    move_into_a_folder(repo)
    repo.commit({"src/tool.py": "pass\n", "README.md": "[[nothing of the vault]]\n"})
    repo.stage({"src/tool.py": "pass  # more\n", "src/new.py": "", "README.md": "[[gone]]\n"})
    assert repo.run("check", "--hook").output == ""
    repo.git("rm", "-q", "notes/Aid.md")
    assert [found.path for found in repo.hook()] == ["Ports.md", "Ports.md", "Trade.md"]
    shown = repo.run("check", "--hook").output
    assert " --> notes/Ports.md:3:1\n" in shown
    assert "also at notes/Ports.md:3, notes/Trade.md:3\n" in shown
    assert [found.path for found in repo.hook("notes/Trade.md")] == ["Trade.md"]


def test_two_vaults_in_a_repository(repo: Repository) -> None:
    repo.git("rm", "-rq", ".")
    for name in ("one", "two", "three"):
        repo.write({f"{name}/{path}": data for path, data in NOTES.items()})
    repo.commit()
    repo.git("rm", "-q", "one/Aid.md", "two/img/chart.png")
    assert [(found.path, found.rule) for found in repo.hook()] == [
        ("one/Ports.md", "broken-link"),
        ("one/Ports.md", "broken-link"),
        ("one/Trade.md", "broken-link"),
        ("two/Trade.md", "broken-embed"),
    ]
    assert [found.path for found in repo.hook("two")] == ["Trade.md"]
    assert repo.hook("three") == []


def test_a_vault_larger_than_its_repository(repo: Repository) -> None:
    (repo.root.parent / ".obsidian").mkdir()
    (repo.root / ".obsidian" / "app.json").unlink()
    (repo.root / ".obsidian").rmdir()
    repo.stage()
    error = repo.error("check", "--hook")
    assert error == "error: the vault `..` is not within the git repository `.`"


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repo: Repository) -> None:
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path / "plain")
    assert repo.error("check", "--hook") == "error: `.` is in no git repository"


def test_a_linked_work_tree(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    other = repo.root.parent / "linked"
    repo.git("worktree", "add", "-q", str(other))
    linked = Repository(other, repo.env)
    monkeypatch.chdir(other)
    linked.git("rm", "-q", "img/chart.png")
    assert [found.path for found in linked.hook()] == ["Trade.md"]
    monkeypatch.setenv("GIT_DIR", linked.git("rev-parse", "--git-dir").stdout.strip())
    assert [found.path for found in linked.hook()] == ["Trade.md"]


def test_a_submodule_is_seen_as_it_is_on_the_disk(repo: Repository) -> None:
    library = Repository(repo.root.parent / "library", repo.env)
    library.init()
    library.commit({"Shared.md": "# Shared\n"})
    repo.git("submodule", "--quiet", "add", str(library.root), "lib")
    repo.commit({"Uses.md": "[[Shared]] [[Old]]\n"})
    repo.git("rm", "-q", "topics/Old.md")
    assert ("Uses.md", "broken-link", "`topics/Old.md` was deleted in this commit") in repo.hook()
    assert len(repo.hook()) == 2


def test_links_of_the_file_system(repo: Repository) -> None:
    """A link to a folder outside of the vault is followed, one to a file is no file (rule V7)."""
    move_into_a_folder(repo)
    repo.write({"shared/Common.md": "# Common\n"})
    (repo.root / "notes" / "common").symlink_to("../shared")
    (repo.root / "notes" / "again").symlink_to("topics")
    (repo.root / "notes" / "Copy.md").symlink_to("Aid.md")
    (repo.root / "notes" / "Other copy.md").symlink_to("../shared/Common.md")
    (repo.root / "notes" / "dangling").symlink_to("../nowhere")
    (repo.root / "notes" / "elsewhere").symlink_to(repo.root.parent / "elsewhere")
    (repo.root.parent / "elsewhere").mkdir()
    (repo.root.parent / "elsewhere" / "Far.md").write_text("# Far\n", encoding="utf-8")
    repo.commit()
    links = "[[Common]] [[Old]] [[Far]] [[Copy]] [[Other copy]]\n"
    repo.stage({"notes/Trade.md": links})
    assert repo.messages() == ["no note `Copy`", "no note `Other copy`"]
    (repo.root / "notes" / "Trade.md").write_text("Words.\n", encoding="utf-8")
    assert len(repo.messages()) == 2


# ---- when


def test_the_first_commit(repo: Repository) -> None:
    repo.git("checkout", "-q", "--orphan", "fresh")
    assert repo.hook() == [KNOWN]


def test_a_merge_is_compared_with_the_current_branch(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.git("rm", "-q", "topics/Old.md")
    repo.commit({"Other.md": "[[Aid]]\n"})
    repo.git("checkout", "-q", "main")
    repo.commit({"More.md": "[[Old]]\n"})
    repo.git("merge", "-q", "--no-commit", "--no-ff", "side")
    cause = "`topics/Old.md` was deleted in this commit"
    assert repo.hook() == [
        Found("More.md", "broken-link", cause),
        Found("Ports.md", "broken-link", cause),
    ]


def test_what_is_pushed(repo: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    start = repo.git("rev-parse", "HEAD").stdout.strip()
    repo.git("rm", "-q", "img/chart.png")
    middle = repo.commit()
    repo.commit({"Trade.md": "# Trade\n"})
    repo.write({"Trade.md": "[[on the disk only]]\n"})
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", start)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", middle)
    cause = "`img/chart.png` was deleted in these commits"
    assert repo.hook() == [Found("Trade.md", "broken-embed", cause)]
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert repo.hook() == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "0" * 40)
    assert repo.hook() == [KNOWN]
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "nowhere")
    assert (
        repo.error("check", "--hook") == "error: PRE_COMMIT_FROM_REF: git knows no commit `nowhere`"
    )


def test_large_file_pointers_are_notes_without_links(repo: Repository) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    repo.commit({"Large.md": pointer, "img/large.png": pointer})
    repo.stage({"Large.md": f"{pointer}\n", "Trade.md": "![[large.png]] [[Large]]\n"})
    (repo.root / "Large.md").write_text("[[smudged]]\n", encoding="utf-8")
    assert repo.hook() == []


def test_options_that_contradict(repo: Repository) -> None:
    assert repo.error("check", "--hook", "--since", "HEAD") == (
        "error: --hook and --since cannot stand together"
    )
    for option in ("--online", "--add-suppressions", "--prune-baseline"):
        told = f"error: --since and {option} cannot stand together"
        assert repo.error("check", "--since", "HEAD", option) == told


def test_what_a_baseline_has_is_not_told(repo: Repository) -> None:
    repo.commit({"Note.md": "[[Gone]] [[Gone]]\n"})
    assert repo.run("baseline").exit_code == 0
    repo.stage({"Note.md": "[[Gone]] [[Gone]] [[Lost]]\n"})
    assert repo.messages() == ["no note `Lost`"]
    assert (
        repo.error("check", "--hook", "-") == "error: --hook compares files of git, and `-` is none"
    )


# ---- cost


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file is parsed."""
    counted: Counter[str] = Counter()
    parse = engine.parse_file

    def counting(path: str, data: bytes) -> object:
        counted[path] += 1
        return parse(path, data)

    monkeypatch.setattr(engine, "parse_file", counting)
    return counted


def test_a_glossary_that_changed_parses_each_note_once(
    repo: Repository, parsed: Counter[str]
) -> None:
    repo.commit({"vaultlint.toml": '[terms]\nglossary = ["t.yaml"]\n', "t.yaml": "- Pak–US\n"})
    age(repo.root)
    repo.run("check")
    parsed.clear()
    repo.stage({"t.yaml": "- Pak–US\n- geo-economics\n"})
    age(repo.root, 50)
    repo.hook()
    assert parsed == dict.fromkeys(("Trade.md", "Aid.md", "Ports.md", "topics/Old.md"), 1)


def test_unchanged_notes_are_not_parsed(repo: Repository, parsed: Counter[str]) -> None:
    age(repo.root)
    repo.run("check")
    assert max(parsed.values()) == 1
    parsed.clear()
    repo.stage({"Trade.md": "# Trade\n\n[[Aid]]\n"})
    repo.hook()
    assert parsed == {"Trade.md": 2}  # before, and after
    repo.commit()
    parsed.clear()
    repo.git("rm", "-q", "Aid.md")
    repo.hook()
    assert parsed == {"Aid.md": 1}
    parsed.clear()
    repo.hook("--no-cache")
    assert parsed == dict.fromkeys(("Trade.md", "Ports.md", "topics/Old.md", "Aid.md"), 1)


def test_contents_are_read_in_several_processes(
    repo: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git, "_KEPT", 0)  # each process asks a git of its own
    files = {f"N{number}.md": f"[[gone {number}]]\n" * 200 for number in range(40)}
    repo.stage(files)
    repo.write(dict.fromkeys(files, "Other words.\n"))
    found = repo.hook("--jobs", "2", "--no-cache")
    assert Counter(each.path for each in found) == dict.fromkeys(files, 200)


#: All of our modules that a hook imports where no change matters.
QUICK = frozenset(
    f"vaultlint{name}"
    for name in ("", ".cli", ".cli.located", ".cli.staged", ".git", ".locate", ".model")
)


@pytest.mark.parametrize("change", ["nothing", "a picture", "a tool"])
def test_a_hook_with_nothing_to_do_imports_just_these_modules(
    repo: Repository, change: str
) -> None:
    if change == "a picture":
        repo.stage({"img/chart.png": b"other"})
    elif change == "a tool":
        repo.stage({".github/ci.yml": "on: push\n"})
    done = run_apart(["check", "--hook"], repo.root, repo.env)
    assert (done.returncode, done.stdout) == (0, "")
    modules = set(done.stderr.split())
    assert {each for each in modules if each.partition(".")[0] == "vaultlint"} == QUICK
    large = {
        "json",
        "msgspec",
        "mistune",
        "yaml",
        "tomllib",
        "dataclasses",
        "tempfile",
        "rapidfuzz",
    }
    assert not modules & large
