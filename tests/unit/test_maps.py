"""The map draws every governorate, with its number, and says what it does not show."""

import json
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from analysis.codelists import read_codelist
from analysis.errors import BadParameter, UnknownCode
from analysis.sections.maps import draw_governorate_map
from analysis.sections.shapes import GOVERNORATES, map_caveats, read_shapes
from analysis.sections.style import read_style, svg_of

OCTOBER = {"aleppo": 35, "idlib": 29, "daraa": 21, "deir_ez_zor": 18, "hama": 10, "hasaka": 7, "homs": 3}


def governorates(deaths: dict[str, int], *, not_recorded: int = 0) -> pd.DataFrame:
    """Every governorate of the list, zero where nothing is given, with "unknown" and "not recorded" last."""
    listed = read_codelist("governorates")
    codes = [*listed.codes, "not_recorded"]
    labels = [*(listed.label(code) for code in listed.codes), "not recorded"]
    counts = deaths | {"not_recorded": not_recorded}
    return pd.DataFrame({"code": codes, "label": labels, "deaths": [counts.get(code, 0) for code in codes]})


def shapes_drawn(figure: Figure) -> list[PathPatch]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in drawn_texts(figure)]


def drawn_texts(figure: Figure) -> list[Text]:
    FigureCanvasAgg(figure).draw()
    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def text_box(figure: Figure, words: str) -> mpl.transforms.Bbox:
    return next(text.get_window_extent() for text in drawn_texts(figure) if text.get_text() == words)


SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]


def written_map(folder: Path, *, rings: list = SQUARE, **notes: object) -> Path:
    """A map of one polygon, with its .yml."""
    feature = {
        "type": "Feature",
        "properties": {"iso_3166_2": "XX-A", "longitude": 0.5, "latitude": 0.5},
        "geometry": {"type": "MultiPolygon", "coordinates": [rings]},
    }
    path = folder / "square.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    said = {"credit": "Ours", "caveats": [], "key": "iso_3166_2", "labels": {}, "callouts": {}} | notes
    path.with_suffix(".yml").write_text(json.dumps(said), encoding="utf-8")
    return path


def test_all_fourteen_governorates_are_drawn():
    assert len(shapes_drawn(draw_governorate_map(governorates(OCTOBER), read_shapes()))) == 14


def test_every_governorate_of_the_code_list_has_its_polygon():
    isos = read_codelist("governorates").attribute("iso_3166_2").values()
    assert set(isos) == set(read_shapes().by_iso)


def test_every_number_and_label_is_written_not_recorded_too():
    table = governorates(OCTOBER, not_recorded=40)
    written = words(draw_governorate_map(table, read_shapes()))
    assert set(table["label"]) | {str(deaths) for deaths in table["deaths"]} <= set(written)


def test_damascus_is_called_out_with_a_line_to_its_polygon():
    shapes = read_shapes()
    figure = draw_governorate_map(governorates({"damascus": 9}), shapes)
    damascus = shapes.by_iso["SY-DI"]
    ends = [tuple(map(tuple, line.get_xydata())) for line in figure.axes[0].lines]
    assert (damascus.callout, damascus.at) in ends
    outside = figure.axes[0].transData.inverted().transform(text_box(figure, "Damascus"))
    assert not any(shape.outline.contains_point(point) for shape in shapes.by_iso.values() for point in outside)


def test_words_stand_in_their_polygon_unless_called_out():
    assert [shape.iso for shape in read_shapes().by_iso.values() if not shape.outline.contains_point(shape.at)] == []


def test_damascus_is_not_painted_over_by_the_countryside_around_it():
    shapes = read_shapes()
    figure = draw_governorate_map(governorates({"rif_dimashq": 50}), shapes)
    assert pixel(figure, (36.30, 33.55)) == (255, 255, 255)
    assert pixel(figure, (36.60, 33.40)) != (255, 255, 255)


def test_a_hole_stays_open_whichever_way_its_ring_runs(tmp_path):
    outer, inner = [[0, 0], [3, 0], [3, 3], [0, 3], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    for number, rings in enumerate([[outer, inner], [outer[::-1], inner], [outer, inner[::-1]]]):
        (folder := tmp_path / str(number)).mkdir()
        outline = read_shapes(written_map(folder, rings=rings)).by_iso["XX-A"].outline
        assert [signed_area(ring) for ring in outline.to_polygons()] == [9, -1]


def signed_area(ring) -> float:
    x, y = ring.T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def pixel(figure: Figure, place: tuple[float, float]) -> tuple[int, ...]:
    """The colour on the canvas at a longitude and latitude."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    x, y = figure.axes[0].transData.transform(place)
    image = canvas.buffer_rgba()
    return tuple(image[image.shape[0] - 1 - round(y), round(x), channel] for channel in range(3))


def test_governorates_without_deaths_stay_paper_and_one_death_does_not():
    shapes = read_shapes()
    figure = draw_governorate_map(governorates({"aleppo": 46, "raqqa": 1}), shapes)
    by_iso = dict(zip(shapes.by_iso, sorted_fills(figure, shapes), strict=True))
    style = read_style()
    assert by_iso["SY-HL"] == style.ramp[-1]
    assert by_iso["SY-RA"] == style.ramp[0]
    assert {fill for iso, fill in by_iso.items() if iso not in ("SY-HL", "SY-RA")} == {style.paper}


def sorted_fills(figure: Figure, shapes) -> list[str]:
    """The fill of each polygon, in the order of the shapes."""
    fills = {id(patch.get_path()): mpl.colors.to_hex(patch.get_facecolor()) for patch in shapes_drawn(figure)}
    return [fills[id(shape.outline)] for shape in shapes.by_iso.values()]


def test_a_month_without_deaths_is_a_paper_map():
    figure = draw_governorate_map(governorates({}), read_shapes())
    assert {mpl.colors.to_hex(patch.get_facecolor()) for patch in shapes_drawn(figure)} == {read_style().paper}


def test_nothing_overlaps_and_nothing_is_cut_off_when_every_governorate_has_deaths():
    everywhere = dict.fromkeys(read_codelist("governorates").codes, 88)
    figure = draw_governorate_map(governorates(everywhere, not_recorded=40), read_shapes())
    texts = drawn_texts(figure)
    boxes = [text.get_window_extent().padded(-1) for text in texts]
    assert all(figure.bbox.contains(box.x0, box.y0) and figure.bbox.contains(box.x1, box.y1) for box in boxes)
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])


def test_deaths_without_a_governorate_stand_beside_the_country():
    figure = draw_governorate_map(governorates(OCTOBER, not_recorded=40), read_shapes())
    country = max(patch.get_window_extent().x1 for patch in shapes_drawn(figure))
    assert text_box(figure, "40").x0 > country


def test_a_degree_of_longitude_is_as_wide_as_it_is_there():
    # Syria lies between 32.3 and 37.3 north: 1 / cos(34.8 degrees) = 1.218
    axes = draw_governorate_map(governorates({}), read_shapes()).axes[0]
    assert axes.get_aspect() == pytest.approx(1.218, abs=0.001)


def test_drawing_leaves_the_table_as_it_was():
    table = governorates(OCTOBER)
    before = table.copy(deep=True)
    draw_governorate_map(table, read_shapes())
    pd.testing.assert_frame_equal(table, before)


def test_the_same_table_gives_the_same_svg():
    table, shapes = governorates(OCTOBER, not_recorded=40), read_shapes()
    assert svg_of(draw_governorate_map(table, shapes)) == svg_of(draw_governorate_map(table, shapes))


def test_caveats_name_the_golan_rif_dimashq_endorsement_and_the_credit():
    said = " ".join(map_caveats())
    for words in ("Golan", "Rif Dimashq", "endorsement", "Made with Natural Earth."):
        assert words in said


def test_caveats_of_the_read_me_are_those_that_are_printed():
    described = GOVERNORATES.with_name("README.md").read_text(encoding="utf-8")
    for sentence in read_shapes().caveats["en"]:
        assert sentence in described


def test_a_governorate_without_a_polygon_is_named():
    shapes = read_shapes()
    table = governorates({}).assign(code=lambda rows: rows["code"].replace("idlib", "atlantis"))
    with pytest.raises(UnknownCode, match=r"1 codes have no polygon \(atlantis\), 1 polygons no code \(SY-ID\)"):
        draw_governorate_map(table, shapes)


def test_the_map_of_another_country_needs_two_files_and_no_python(tmp_path):
    shapes = read_shapes(written_map(tmp_path, callouts={"XX-A": [-1, 0.5]}, caveats=["A square."]))
    assert shapes.by_iso["XX-A"].callout == (-1, 0.5)
    assert map_caveats(tmp_path / "square.geojson") == ("A square.", "Ours.")


def test_a_map_is_credited_in_the_language_of_the_report_else_in_english(tmp_path):
    path = written_map(tmp_path, credit={"en": "Ours", "ar": "لنا"}, caveats=["A square."])
    assert map_caveats(path, "ar") == map_caveats(path, "ar-SY") == ("A square.", "لنا.")
    assert map_caveats(path, "fr") == ("A square.", "Ours.")


def test_a_map_that_says_its_credit_in_no_english_is_refused(tmp_path):
    with pytest.raises(BadParameter, match=r"square\.geojson cannot be used \(KeyError: 'en'\)"):
        read_shapes(written_map(tmp_path, credit={"ar": "لنا"}))


def test_the_map_of_syria_says_as_much_in_arabic_as_in_english():
    shapes = read_shapes()
    assert shapes.caveats.keys() == shapes.credit.keys() == {"en", "ar"}
    assert len(shapes.caveats["ar"]) == len(shapes.caveats["en"])


@pytest.mark.parametrize("broken", ["{", '{"features": [{"properties": {}}]}', "[]"])
def test_a_damaged_map_says_what_to_do(tmp_path, broken):
    path = written_map(tmp_path)
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(BadParameter, match=r"square\.geojson cannot be used .* data/maps/README\.md"):
        read_shapes(path)


def test_a_map_without_its_yml_says_what_to_do(tmp_path):
    path = written_map(tmp_path)
    path.with_suffix(".yml").unlink()
    with pytest.raises(BadParameter, match="same stem"):
        read_shapes(path)
