"""Reading of bit fields, most significant bit first."""


class BitReader:
    """Reads bits in order. Raises `ValueError` beyond the end."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data)
        self._left = 8 * len(data)

    def read(self, count: int) -> int:
        if count > self._left:
            raise ValueError("the header is shorter than its stated size")
        self._left -= count
        return self._value >> self._left & (1 << count) - 1

    def read_exp_golomb(self) -> int:
        """Read an unsigned Exp-Golomb code (ITU-T H.265, 9.2)."""
        zeros = 0
        while not self.read(1):
            zeros += 1
        return (1 << zeros) - 1 + self.read(zeros)
