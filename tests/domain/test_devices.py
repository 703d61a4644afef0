import pytest

from domain.devices import MAX_DEVICE, describe_device

GECKO = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BLINK = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 {}Safari/537.36{}"
WEBKIT = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/19.0 Safari/604"
)


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (GECKO, "Firefox on Linux"),
        (BLINK.format("Windows NT 10.0", "", ""), "Chrome on Windows"),
        (BLINK.format("Windows NT 10.0", "", " Edg/140.0"), "Edge on Windows"),
        (BLINK.format("Linux; Android 15", "Mobile ", ""), "Chrome on Android"),
        (WEBKIT, "Safari on iPhone"),
        ("curl/8.14.1", "curl"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("x" * 1000, "x" * MAX_DEVICE),
        ("<script>", None),
        ("", None),
    ],
)
def test_device_is_described_by_browser_and_system_or_by_program(user_agent: str, device: str | None) -> None:
    assert describe_device(user_agent) == device
