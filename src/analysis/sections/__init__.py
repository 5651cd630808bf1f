"""Sections: texts, tables, charts and the map, all made from claims."""
