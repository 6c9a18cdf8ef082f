# Forty-eight curves that change over the whole picture.
load 'common.gp'
FRAMES = 100
array COLOUR[6] = ['#dc143c', '#ff8c00', '#2e8b57', '#4169e1', '#800080', '#000000']
wave(i, u, t) = i + 0.9 * sin(2 * pi * (3.5 * u - t) + 0.7 * i) + 0.6 * sin(2 * pi * (8 * u + 2 * t) - 0.4 * i)

eval begin(1000, 700)
eval place(14, 14, 972, 672, 1000, 700)
set samples 241
unset key; unset border; unset tics
set xrange [0:1]; set yrange [-1.5:48.5]
do for [k=0:FRAMES-1] {
  eval frame(k)
  t = 1.0 * k / FRAMES
  plot for [i=0:47] wave(i, x, t) with lines lw 3.5 lc rgb COLOUR[i % 6 + 1]
}
