#!/usr/bin/env python3
"""Writes spectrum.csv: spectra by scipy's transform with scipy's windows.

    pip install scipy==1.17.1 numpy
    python3 tests/data/spectrum.py

A row is: number of samples, window, pad, start in s, step in s, whether the samples are complex, index, frequency, value
(re and im). The samples are short binary fractions.
"""

import csv
import os

import numpy as np
import scipy.fft
import scipy.signal

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = [
    (8, "none", 1, 0.0, 1.0, 0),
    (9, "none", 1, 0.0, 0.25, 0),
    (16, "hann", 2, 0.5, 0.25, 0),
    (12, "hamming", 1, -3.0, 0.5, 1),
    (15, "blackman", 3, 2.25, 0.125, 0),
    (31, "hann", 1, -1.75, 0.125, 1),
    (60, "blackman", 1, 0.0, 0.0625, 0),
    (32, "hamming", 2, 10.0, 2.0, 1),
]


def main():
    rows = []
    for count, window, pad, start, step, is_complex in CASES:
        i = np.arange(count)
        x = ((7 * i) % 11 - 5) / 4 + is_complex * 1j * ((3 * i) % 5 - 2) / 2
        w = scipy.signal.get_window("boxcar" if window == "none" else window, count, fftbins=True)
        f = scipy.fft.fftfreq(count * pad, step)
        values = scipy.fft.fft(w * x, count * pad) / w.sum() * np.exp(-2j * np.pi * f * start)
        shifted = zip(scipy.fft.fftshift(f), scipy.fft.fftshift(values))
        for k, (frequency, value) in enumerate(shifted):
            numbers = (repr(float(number)) for number in (frequency, value.real, value.imag))
            rows.append([count, window, pad, start, step, is_complex, k, *numbers])
    with open(os.path.join(HERE, "spectrum.csv"), "w", encoding="ascii", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["samples", "window", "pad", "start", "step", "complex", "k", "f", "re", "im"])
        writer.writerows(rows)


if __name__ == "__main__":
    main()
