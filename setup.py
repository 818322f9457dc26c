"""What `pyproject.toml` cannot say: the templates lie beside the program, and travel inside it."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["explainer*"]), "explainer.templates"],
    package_dir={"explainer.templates": "templates"},
)
