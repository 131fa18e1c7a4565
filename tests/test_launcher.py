from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)  # noqa: S603  our own tools
    return next(folder.glob("*.whl"))


def test_the_wheel_brings_one_name_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"wysper"}
    for needed in ("__init__.py", "bot/__main__.py", "config.example.toml", "sandbox/page/static/index.html"):
        assert f"wysper/{needed}" in names
    assert any(name.endswith("locales/ru/LC_MESSAGES/wysper.po") for name in names)
    assert not any("/tests/" in name or name.endswith(".pyc") for name in names)


def test_the_wheel_starts_in_an_environment_of_its_own(wheel: Path, tmp_path: Path) -> None:
    venv.EnvBuilder(with_pip=False, symlinks=True).create(tmp_path / "venv")
    python = tmp_path / "venv" / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", str(wheel)]
    packages = Path(sysconfig.get_path("purelib"))
    here = next((tmp_path / "venv" / "lib").glob("python*")) / "site-packages"
    if subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        zipfile.ZipFile(wheel).extractall(here)  # an environment without pip: a wheel is a zip of what it installs
    else:
        subprocess.run(install, check=True, capture_output=True)  # noqa: S603
    (here / "libraries.pth").write_text(f"import sys; sys.path.append({str(packages)!r})\n")
    start = [str(python), "-c", "from wysper import main; main()", "--version"]
    started = subprocess.run(start, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert started.stdout == "Wysper, version 0.1.0\n", started.stderr
    made = subprocess.run([*start[:-1], "init"], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert "The data folder is" in made.stdout, made.stderr


def test_an_unsupported_python_is_told_so() -> None:
    run = f"runpy.run_path({str(ROOT / 'wysper')!r}, run_name='__main__')"
    asked = f"import runpy, sys; sys.version_info = (3, 9, 2); {run}"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)  # noqa: S603
    assert told.returncode == 2
    assert "needs Python 3.11 to 3.14" in told.stderr
