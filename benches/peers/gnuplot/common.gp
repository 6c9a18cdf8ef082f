# What all figures share. Called with ARG1, where the pictures go, and ARG2, how: "gif" is the film, "png" a
# still a frame by the same rasteriser. That is gd: no anti-aliasing, no dashes, no mathematics (symbols are Unicode).
# Data are blocks computed once; a frame plots the rows up to its own. Sizes are kymo's, in device pixels.
set encoding utf8
TYPEFACE = '"DejaVuSerif,12"'
GREEN = '#008000'; RED = '#ff0000'; ORANGE = '#ffa500'; BLUE = '#0000ff'; INK = '#000000'
w0 = 1.0 / 3    # rad/s

begin(w, h) = ARG2 eq 'gif' ? \
    sprintf('set terminal gif animate delay 4 loop 0 optimize size %d,%d font %s; set output "%s"', w, h, TYPEFACE, ARG1) : \
    sprintf('set terminal png size %d,%d font %s', w, h, TYPEFACE)
frame(k) = ARG2 eq 'gif' ? '' : sprintf('set output "%s/%04d.png"', ARG1, k)

# A plot rectangle in pixels, y downward.
place(l, t, w, h, W, H) = sprintf('set margins at screen %f, screen %f, screen %f, screen %f', \
    1.0 * l / W, 1.0 * (l + w) / W, 1 - 1.0 * (t + h) / H, 1 - 1.0 * t / H)

# A zigzag of seven windings: how far along from the wall to the mass, and to which side.
set table $coil
plot [0:17] sample [i=0:17:1] '+' using (i == 0 ? 0 : i == 1 ? 0.07 : i == 16 ? 0.93 : i == 17 ? 1 : 0.07 + 0.86 / 14 * (i - 1.5)) \
  :(i < 2 || i > 15 ? 0 : int(i) % 2 == 0 ? 1 : -1) with table
unset table
