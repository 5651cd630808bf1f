"""The outlines of a country's regions: read from a GeoJSON, with what must be said under a map of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from matplotlib.path import Path as Outline

from analysis.errors import BadParameter
from analysis.places import DATA
from analysis.texts import language_of

GOVERNORATES = DATA / "maps" / "governorates.geojson"

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """One governorate: its outline with islands and holes, where its words stand, whether they stand outside."""

    iso: str
    outline: Outline
    at: Point
    callout: Point | None


@dataclass(frozen=True)
class Shapes:
    """The polygons of one GeoJSON by ISO 3166-2 code; by language, the credit and caveats to print under a map."""

    by_iso: dict[str, Shape]
    credit: Mapping[str, str]
    caveats: Mapping[str, list[str]]


@cache
def read_shapes(path: Path = GOVERNORATES) -> Shapes:
    """Read a GeoJSON of governorates and the .yml beside it.

    Raises BadParameter if either file is missing or is not what data/maps/README.md describes.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        notes = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))
        shapes = [_shape(feature, notes) for feature in features]
        credit, caveats = (_by_language(notes[said]) for said in ("credit", "caveats"))
        return Shapes({shape.iso: shape for shape in shapes}, credit, caveats)
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as fault:
        raise BadParameter(
            f"The map {path.name} cannot be used ({type(fault).__name__}: {fault}). It must be a GeoJSON of polygons "
            "with a .yml of the same stem beside it; data/maps/README.md says what both hold."
        ) from fault


def map_caveats(path: Path = GOVERNORATES, language: str = "en") -> tuple[str, ...]:
    """The sentences to print under a map, the credit last; in English where the map lacks the language."""
    shapes = read_shapes(path)
    caveats, credit = (said.get(language_of(language), said["en"]) for said in (shapes.caveats, shapes.credit))
    return (*caveats, f"{credit}.")


def _by_language(said: Any) -> dict[str, Any]:
    """What a map says, by language; what is said without one is English. Raises KeyError where there is no English."""
    return {"en": said["en"], **said} if isinstance(said, dict) else {"en": said}


def _shape(feature: dict, notes: dict) -> Shape:
    properties, geometry = feature["properties"], feature["geometry"]
    iso = str(properties[notes["key"]])
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [_ring(ring, hole=place > 0) for polygon in polygons for place, ring in enumerate(polygon)]
    at = (notes["labels"] or {}).get(iso) or (properties["longitude"], properties["latitude"])
    callout = (notes["callouts"] or {}).get(iso)
    return Shape(iso, Outline.make_compound_path(*rings), tuple(at), tuple(callout) if callout else None)


def _ring(points: list[list[float]], *, hole: bool) -> Outline:
    """A closed ring, turned so that a hole runs against its polygon: else the hole would be filled."""
    area = sum(x * next_y - next_x * y for (x, y, *_), (next_x, next_y, *_) in pairwise(points))
    turned = points[::-1] if (area < 0) != hole else points
    return Outline([point[:2] for point in turned], closed=True)
