"""What the program that people install is made of, and what stays out of it, with the reason for each.

PyInstaller follows imports; what it cannot see (QML, pages, translations, modules found by name, the compiled hot
path) is named here, and what it takes along for nobody is left out here.  `parley.spec` puts it together, `build.py`
runs it.  Nothing here depends on the system it runs on: names are matched in the forms of all three.
"""

from __future__ import annotations

import re
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import cast

from models.runtime import cuda
from sfu.forwarder import form

ROOT = form.ROOT
PACKAGES = ("app", "sfu", "models")

EXCLUDED_MODULES = {
    "Cython": "a build tool; the hot path is inside as what it makes",
    "IPython": "notebooks; offered by tqdm and others when they are in one",
    "PIL": "pictures are Qt's and OpenCV's business; nothing of ours asks for it",
    "PySide6.QtDBus": "a binding that nothing of ours uses",
    "PySide6.QtMultimediaWidgets": "as above",
    "PySide6.QtOpenGLWidgets": "as above",
    "_pytest": "tests are not installed",
    "distutils": "builds packages",
    "grpc_tools": "makes code out of .proto files, before this",
    "hf_xet": "a faster download from a service that Parley never talks to",
    "hypothesis": "tests are not installed; pydantic offers it a plugin",
    "lxml.html": "python-docx writes XML, and no HTML",
    "lxml.objectify": "as above",
    "matplotlib": "plots; asked for by libraries only if it is there",
    "mypy": "checks are not installed; pydantic offers it a plugin",
    "numpy.f2py": "compiles Fortran",
    "onnx.backend.test": "test vectors of every operator",
    "onnx.reference": "a second way to run models, for comparison",
    "pip": "the installed program installs nothing",
    "pygments": "colours source code, for rich",
    "pytest": "tests are not installed",
    "pyximport": "compiles on import",
    "rich": "coloured terminals, for the command line of a library that we do not run",
    "setuptools": "builds packages",
    "tkinter": "another toolkit for windows",
    "torch": "models run in ONNX Runtime and CTranslate2",
    "transformers": "as above",
    "watchfiles": "uvicorn's reload, for developers",
    "wheel": "builds packages",
}

# Of some 170 libraries in the two wheels; among the others is a whole browser (QtWebEngine, 200 MB).
QT_LIBRARIES = frozenset("""
    Concurrent Core DBus Gui Multimedia MultimediaQuick Network OpenGL Qml QmlMeta QmlModels QmlWorkerScript
    Quick QuickControls2 QuickControls2Basic QuickControls2BasicStyleImpl QuickControls2Impl QuickEffects
    QuickLayouts QuickShapes QuickTemplates2 Svg WaylandClient Widgets WlShellIntegration XcbQpa
""".split())
QT_FFMPEG = re.compile(r"^libQt6FFmpegStub-")
_QT_LIBRARY = re.compile(r"^(?:lib)?Qt6?([A-Z0-9][A-Za-z0-9]*)(?:\.so(?:\.\d+)*|\.dll|\.framework)?$")

QT_PLUGINS = frozenset("""
    iconengines imageformats multimedia networkinformation platforminputcontexts platforms platformthemes styles tls
    wayland-decoration-client wayland-graphics-integration-client wayland-shell-integration xcbglintegrations
""".split())
UNWANTED_PLUGINS = {
    "qgtk3": "brings all of GTK along; light, dark and file dialogs come through the desktop portal",
    "qtvirtualkeyboard": "a keyboard on the screen that desktops have themselves",
    "qpdf": "shows PDF as a picture, with another 5 MB library",
    "qtga": "a picture format nobody sends",
    "qtiff": "as above",
    "qwbmp": "as above",
    "qeglfs": "a screen without a desktop",
    "qlinuxfb": "as above",
    "qvkkhrdisplay": "as above",
    "qminimalegl": "as above",
    "qvnc": "a window shown over the network",
}

QML = ("QtMultimedia/", "QtQml/", "QtQuick/Controls/Basic/", "QtQuick/Controls/impl/", "QtQuick/Effects/",
       "QtQuick/Layouts/", "QtQuick/Shapes/", "QtQuick/Templates/", "QtQuick/Window/")
_QML_TOP = re.compile(r"^QtQuick/(?:Controls/)?[^/]+$")
TRANSLATIONS = re.compile(r"^qtbase_(?:en|zh_CN)\.qm$")

# The CUDA variant brings cuBLAS and what that asks for (`models/runtime/cuda.py`); not what is for other programs.
CUDA_DISTRIBUTIONS = ("nvidia-cublas-cu12", "nvidia-cuda-nvrtc-cu12")
NOT_FOR_US = ("nvblas", ".alt.")
FOLDER = "PARLEY_FROZEN_FOLDER"
"""The variable that tells `parley.spec` what to call the folder, and by that which variant it is."""
LEAN_FOLDER, CUDA_FOLDER = "parley", "parley-cuda"

NOT_DATA = frozenset({".md", ".pxd", ".py", ".pyc", ".pyi", ".proto", ".so", ".ts"})
BESIDE = ("LICENSE", "NOTICE")


def modules() -> list[str]:
    """Every module of ours: programs, tasks and engines are found by name when they run."""
    names = []
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            parts = file.relative_to(ROOT).with_suffix("").parts
            names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def data() -> list[tuple[Path, PurePath]]:
    """Our files that are not modules, and where they go: the same place as among the sources."""
    files = [ROOT / name for name in BESIDE]
    for folder in (*PACKAGES, "resources"):
        files += [file for file in sorted((ROOT / folder).rglob("*"))
                  if file.is_file() and file.suffix not in NOT_DATA and "__pycache__" not in file.parts]
    files += [file for file in sorted(form.BUILT.rglob("*")) if file.is_file()]
    return [(file, file.relative_to(ROOT).parent) for file in files]


def wanted(destination: str) -> bool:
    """Whether a file that PyInstaller found goes in, by its place in the program's folder."""
    path = PurePath(destination.replace("\\", "/"))
    if path.parent.name.endswith(".dist-info"):
        return path.name not in ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")   # of the machine that built it
    if (library := _QT_LIBRARY.match(path.name)) is not None and not QT_FFMPEG.match(path.name):
        return library[1] in QT_LIBRARIES
    place = path.as_posix()
    if (plugin := re.search(r"/plugins/([^/]+)/(?:lib)?([^/.]+)", place)) is not None and "PySide6" in path.parts:
        return plugin[1] in QT_PLUGINS and not any(plugin[2].startswith(name) for name in UNWANTED_PLUGINS)
    if (qml := re.search(r"PySide6/(?:Qt/)?qml/(.+)$", place)) is not None:
        return qml[1].startswith(QML) or _QML_TOP.match(qml[1]) is not None
    if re.search(r"PySide6/(?:Qt/)?translations/", place):
        return TRANSLATIONS.match(path.name) is not None
    return True


def cuda_libraries() -> list[tuple[Path, PurePath]]:
    """NVIDIA's libraries of this environment, and where they go; FileNotFoundError when they are not installed."""
    packages = Path(cast(str, cast(ModuleSpec, find_spec("ctranslate2")).origin)).parents[1]
    files = [file for file in sorted((packages / "nvidia").glob(f"*/{cuda.PLACE}/*"))
             if file.is_file() and not any(word in file.name for word in NOT_FOR_US)]
    if lacking := {*cuda.LIBRARIES} - {file.name for file in files}:
        raise FileNotFoundError(f"The extra `cuda` is not installed here: {', '.join(sorted(lacking))} missing.")
    return [(file, file.relative_to(packages).parent) for file in files]
