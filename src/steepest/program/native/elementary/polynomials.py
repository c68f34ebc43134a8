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


def artanh_rest(z: float) -> float:
    """Return 3 (artanh(s) - s - s³/3) / s⁵, z = s²."""
    result = 0.1758476793581477
    result = 0.1755935450923681 + z * result
    result = 0.20002207040770967 + z * result
    result = 0.23076892443777647 + z * result
    result = 0.272727275030892 + z * result
    result = 0.3333333333248383 + z * result
    result = 0.4285714285714405 + z * result
    return 0.6 + z * result


def error_rest(z: float) -> float:
    """Return erf(x) / x - 2 / √π, z = x², over z."""
    result = 6.174097221305255e-11
    result = -1.1500357159785296e-09 + z * result
    result = 1.4692484859133263e-08 + z * result
    result = -1.6355118610877705e-07 + z * result
    result = 1.6461446656928561e-06 + z * result
    result = -1.4925622504489842e-05 + z * result
    result = 0.00012055332214716276 + z * result
    result = -0.0008548327010033328 + z * result
    result = 0.005223977625303518 + z * result
    result = -0.026866170645123838 + z * result
    result = 0.11283791670955111 + z * result
    return -0.37612638903183754 + z * result


def scaled_error(t: float) -> float:
    """Return (1 + 2 x) exp(x²) erfc(x) - 6/5, t = (x - 15/4) / (x + 15/4)."""
    result = -2.410821536542233e-09
    result = -8.782125734803513e-10 + t * result
    result = 3.285083556233316e-08 + t * result
    result = 1.5996335215573707e-08 + t * result
    result = -2.5261465267715506e-07 + t * result
    result = -4.815839621672849e-08 + t * result
    result = 1.7481190468391965e-06 + t * result
    result = -9.801666755858578e-07 + t * result
    result = -1.1442990926805438e-05 + t * result
    result = 2.2387259638230133e-05 + t * result
    result = 5.1648913469599865e-05 + t * result
    result = -0.00029015496529570924 + t * result
    result = 0.00029371366631088616 + t * result
    result = 0.001755626017152004 + t * result
    result = -0.009746579553431873 + t * result
    result = 0.028362277400457724 + t * result
    result = -0.05869339859030941 + t * result
    result = 0.09230432116153116 + t * result
    result = -0.10880393014171236 + t * result
    result = 0.08227673849011204 + t * result
    result = 0.003585415485463779 + t * result
    result = -0.1402405985855467 + t * result
    return 0.03751263083782758 + t * result


def sinh_rest(z: float) -> float:
    """Return (sinh(r) - r) / r³, z = r²."""
    result = 2.8445264169895285e-15
    result = 7.646625361656657e-13 + z * result
    result = 1.6059048396350562e-10 + z * result
    result = 2.505210836405804e-08 + z * result
    result = 2.755731922404034e-06 + z * result
    result = 0.00019841269841269773 + z * result
    result = 0.008333333333333333 + z * result
    return 0.16666666666666666 + z * result


def arctangent_rest(z: float) -> float:
    """Return (arctan(r) - r) / r³, z = r²."""
    result = 1.806195461861215e-05
    result = -0.00019996189377901382 + z * result
    result = 0.0010496035084968515 + z * result
    result = -0.0034958859739163094 + z * result
    result = 0.008368931178450162 + z * result
    result = -0.015535152475414177 + z * result
    result = 0.023696731580048622 + z * result
    result = -0.031277189066996385 + z * result
    result = 0.03749486812535247 + z * result
    result = -0.04260356632601652 + z * result
    result = 0.04737749579527779 + z * result
    result = -0.052579733342841106 + z * result
    result = 0.05881506877793656 + z * result
    result = -0.06666564699289104 + z * result
    result = 0.07692298971033217 + z * result
    result = -0.09090908590891934 + z * result
    result = 0.11111111093490827 + z * result
    result = -0.14285714285384132 + z * result
    result = 0.1999999999999753 + z * result
    return -0.3333333333333333 + z * result


def arcsine_rest(z: float) -> float:
    """Return (arcsin(r) - r) / r³, z = r²."""
    result = 0.028757851367421566
    result = -0.014851887071247204 + z * result
    result = 0.01740087944269402 + z * result
    result = 0.005457506718640358 + z * result
    result = 0.01032281435018578 + z * result
    result = 0.011479177415184906 + z * result
    result = 0.013971212973552933 + z * result
    result = 0.017352392720869973 + z * result
    result = 0.02237217294214989 + z * result
    result = 0.030381944138531247 + z * result
    result = 0.04464285714635543 + z * result
    result = 0.07499999999998433 + z * result
    return 0.16666666666666669 + z * result
