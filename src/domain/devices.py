"""Devices: a short description of the browser or program that signs in, for the list of sessions."""

import re

MAX_DEVICE = 60
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""Markers in the order of the search: most browsers also contain those of older ones."""
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def describe_device(user_agent: str) -> str | None:
    """Return a description such as `Firefox on Linux` from the header User-Agent, for programs its first word, such as
    `curl`. None without one. A database of all devices would be exact, but this text only reminds of an own device."""
    browser = next((name for marker, name in _BROWSERS if f"{marker}/" in user_agent), None)
    system = next((name for marker, name in _SYSTEMS if marker in user_agent), None)
    if browser:
        return f"{browser} on {system}" if system else browser
    program = re.match(r"[\w.+-]+", user_agent, re.ASCII)
    return program[0][:MAX_DEVICE] if program else None
