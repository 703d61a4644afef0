"""Conversion matrices between colour spaces given by their primaries."""

import numpy as np
from numpy.typing import NDArray

from domain.formats.colour import Colour

Matrix = NDArray[np.floating]
D50 = np.array([0.9642, 1.0, 0.8249])
"""The white of the profile connection space (ICC.1:2022, 7.2.16)."""
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def to_xyz(colour: Colour) -> Matrix:
    """From linear RGB to the XYZ of a profile, whose white is D50."""
    (x, y), *corners = colour.primaries
    white = np.array([x, y, 1 - x - y]) / y
    basis = np.array([(x, y, 1 - x - y) for x, y in corners]).T  # the white determines the luminances
    matrix: Matrix = _adaptation(white) @ basis * np.linalg.solve(basis, white)
    return matrix


def conversion_matrix(source: Colour, target: Colour) -> Matrix:
    """From linear RGB to linear RGB."""
    return np.linalg.inv(to_xyz(target)) @ to_xyz(source)


def _adaptation(white: Matrix) -> Matrix:
    """The Bradford matrix from one white to D50."""
    scale = (_BRADFORD @ D50) / (_BRADFORD @ white)
    matrix: Matrix = np.linalg.inv(_BRADFORD) @ (scale[:, None] * _BRADFORD)
    return matrix
