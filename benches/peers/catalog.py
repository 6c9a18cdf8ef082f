"""All figures by name."""

import figures
import heavy_figures

FIGURES = figures.FIGURES | heavy_figures.FIGURES
