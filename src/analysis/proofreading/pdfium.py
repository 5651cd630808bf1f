"""pdfium's functions for what a page has thousands of: its drawn objects, and the elements of its structure.

They take and give addresses as plain numbers, None for nothing: an object for each address costs more than the call.
"""

import ctypes
from ctypes import c_int, c_ulong, c_void_p
from typing import Any

from pypdfium2 import raw


def _plain(function: Any, result: Any, *given: Any) -> Any:
    return ctypes.cast(function, ctypes.CFUNCTYPE(result, *given))


count_roots = _plain(raw.FPDF_StructTree_CountChildren, c_int, c_void_p)
root_at = _plain(raw.FPDF_StructTree_GetChildAtIndex, c_void_p, c_void_p, c_int)
count_children = _plain(raw.FPDF_StructElement_CountChildren, c_int, c_void_p)
child_at = _plain(raw.FPDF_StructElement_GetChildAtIndex, c_void_p, c_void_p, c_int)
alt_text = _plain(raw.FPDF_StructElement_GetAltText, c_ulong, c_void_p, c_void_p, c_ulong)

count_objects = _plain(raw.FPDFPage_CountObjects, c_int, c_void_p)
object_at = _plain(raw.FPDFPage_GetObject, c_void_p, c_void_p, c_int)
kind_of = _plain(raw.FPDFPageObj_GetType, c_int, c_void_p)
count_segments = _plain(raw.FPDFPath_CountSegments, c_int, c_void_p)
segment_at = _plain(raw.FPDFPath_GetPathSegment, c_void_p, c_void_p, c_int)
segment_kind = _plain(raw.FPDFPathSegment_GetType, c_int, c_void_p)
segment_end = _plain(raw.FPDFPathSegment_GetPoint, c_int, c_void_p, c_void_p, c_void_p)


def address(pointer: Any) -> int:
    """Where a pointer of pypdfium2's own leads."""
    return ctypes.cast(pointer, c_void_p).value or 0
