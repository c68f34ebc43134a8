"""Polynomials that stand for parts of functions; written by `tools/polynomials.py`."""


def exponential_rest(r: float) -> float:
    """Return (eʳ - 1 - r) / r²."""
    result = 2.0914694560351592e-09
    result = 2.510522763655176e-08 + r * result
    result = 2.755727362486648e-07 + r * result
    result = 2.7557255374658744e-06 + r * result
    result = 2.4801587325562125e-05 + r * result
    result = 0.00019841269874840768 + r * result
    result = 0.0013888888888883744 + r * result
    result = 0.008333333333326129 + r * result
    result = 0.04166666666666667 + r * result
    result = 0.1666666666666667 + r * result
    return 0.5 + r * result


def logarithm_rest(z: float) -> float:
    """Return (2 artanh(s) - 2 s) / s³, z = s²."""
    result = 0.1461658542488862
    result = 0.15331710618210773 + z * result
    result = 0.18182889455674947 + z * result
    result = 0.22222211130259878 + z * result
    result = 0.2857142862600327 + z * result
    result = 0.39999999999899444 + z * result
    return 0.666666666666667 + z * result


def sine_rest(z: float) -> float:
    """Return (sin(r) - r) / r³, z = r²."""
    result = 1.5918115263265974e-10
    result = -2.505113165023518e-08 + z * result
    result = 2.7557316101617874e-06 + z * result
    result = -0.00019841269836756774 + z * result
    result = 0.008333333333330948 + z * result
    return -0.16666666666666666 + z * result


def cosine_rest(z: float) -> float:
    """Return (cos(r) - 1 + r²/2) / r⁴, z = r²."""
    result = -1.1382623647474604e-11
    result = 2.087614614655861e-09 + z * result
    result = -2.7557317271145144e-07 + z * result
    result = 2.480158729876456e-05 + z * result
    result = -0.0013888888888887398 + z * result
    return 0.041666666666666664 + z * result
