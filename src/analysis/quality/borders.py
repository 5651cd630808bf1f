"""Whether a place lies in the country, by the map of its profile."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd


def degrees_outside(longitudes: pd.Series, latitudes: pd.Series, country: Path | None) -> pd.Series:
    """How far each place lies outside every polygon of the map, in degrees: 0 inside, blank without coordinates or map.

    The map is coarse and towns stand on the border: the suite says how far off is too far.
    """
    given = longitudes.notna() & latitudes.notna()
    places = np.column_stack([longitudes[given].astype(float), latitudes[given].astype(float)])
    distances = pd.Series(np.nan, index=longitudes.index, dtype=float)
    if len(places) and country is not None:
        rings = _rings(country)
        distances[given] = np.where(_inside(places, rings), 0.0, _distance(places, rings))
    return distances


@cache
def _rings(country: Path) -> list[np.ndarray]:
    """Every ring of every polygon, as longitude and latitude."""
    features = json.loads(country.read_text(encoding="utf-8"))["features"]
    shapes = [feature["geometry"] for feature in features]
    polygons = [
        polygon
        for shape in shapes
        for polygon in (shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]])
    ]
    return [np.asarray(ring, dtype=float)[:, :2] for polygon in polygons for ring in polygon]


def _inside(places: np.ndarray, rings: list[np.ndarray]) -> np.ndarray:
    """Whether a ray from the place to the east crosses the rings an odd number of times, in any polygon."""
    inside = np.zeros(len(places), dtype=bool)
    east, north = places[:, :1], places[:, 1:]
    for ring in rings:
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        crosses = (y0 > north) != (y1 > north)
        with np.errstate(divide="ignore", invalid="ignore"):
            meets = (x1 - x0) * (north - y0) / (y1 - y0) + x0
        inside |= (crosses & (east < meets)).sum(axis=1) % 2 == 1
    return inside


def _distance(places: np.ndarray, rings: list[np.ndarray]) -> np.ndarray:
    """The distance to the nearest border."""
    east, north = places[:, :1], places[:, 1:]
    nearest = np.full(len(places), np.inf)
    for ring in rings:
        (x, y), (along, up) = ring[:-1].T, np.diff(ring, axis=0).T
        to_east, to_north = east - x, north - y
        share = np.clip((to_east * along + to_north * up) / np.maximum(along**2 + up**2, 1e-18), 0, 1)
        gaps = (to_east - share * along) ** 2 + (to_north - share * up) ** 2
        nearest = np.minimum(nearest, gaps.min(axis=1))
    return np.sqrt(nearest)
