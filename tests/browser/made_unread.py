"""The first bytes of files that are no picture of ours to read, and what each is called."""

from made_pictures import box, saved

PAGE = b"\xef\xbb\xbf\n<!DOCTYPE html><html><body><svg></svg>"
DRAWING = b'<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>'
UNREAD = {
    "HEIC": (box(b"ftyp", b"heic" + bytes(4) + b"mif1heic"), "a HEIC photo, which"),
    "HEIC by its second brand": (box(b"ftyp", b"mif1" + bytes(4) + b"heic"), "a HEIC photo, which"),
    "GIF": (saved("GIF"), "a GIF, which"),
    "TIFF": (saved("TIFF"), "a TIFF or"),
    "TIFF, big end first": (b"MM\0*" + bytes(20), "a TIFF or"),
    "BMP": (saved("BMP"), "a BMP, which"),
    "icon": (saved("ICO"), "an icon, which"),
    "JPEG 2000": (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000, which"),
    "JPEG XL": (b"\xff\x0a" + bytes(20), "a JPEG XL, which"),
    "Photoshop": (b"8BPS\0\1", "a Photoshop file, which"),
    "PDF": (b"%PDF-1.7\n", "a PDF, not"),
    "SVG": (b"<svg width='3'></svg>", "an SVG drawing, which"),
    "SVG behind its head": (DRAWING, "an SVG drawing, which"),
    "MP4": (box(b"ftyp", b"isom" + bytes(4) + b"mp41"), "a video, not"),
    "QuickTime": (box(b"ftyp", b"qt  " + bytes(4)), "a video, not"),
    "WebM": (b"\x1aE\xdf\xa3" + bytes(20), "a video, not"),
    "AVI": (b"RIFF\0\0\0\0AVI LIST", "a video, not"),
    "archive": (b"PK\x03\x04" + bytes(20), "an archive or"),
    "web page": (PAGE, "a web page, not"),
    "letters alone": (b"BMW is a car", "no PNG, JPEG, WebP or AVIF:"),
    "XML of another kind": (b"<?xml version='1.0'?><rss/>", "no PNG, JPEG, WebP or AVIF:"),
}
