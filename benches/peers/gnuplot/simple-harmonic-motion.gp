# A mass on a spring above its displacement and the force on it.
load 'common.gp'
FRAMES = 100
T = 15 * pi
x(t) = 3 * sin(w0 * t)
set table $curve
plot [0:T] sample [t=0:T:T/396] '+' using (t):(x(t)) with table
unset table

eval begin(1000, 700)
set style line 1 lw 2 lc rgb INK
unset key
do for [k=0:FRAMES-1] {
  now = x(T * k / (FRAMES - 1))
  eval frame(k)
  set multiplot
  # the spring
  eval place(98, 13, 871, 186, 1000, 700)
  set border 1 lw 2; set xrange [-5:5]; set yrange [-0.5:0.75]
  set xtics -4,2,4 nomirror out scale 0.7 offset 0,0.3; unset ytics
  set xlabel 'x ⟶' offset 0,0.9; unset ylabel
  set arrow 1 from -3,-0.5 to -3,0.75 nohead lw 2 lc rgb RED
  set arrow 2 from 3,-0.5 to 3,0.75 nohead lw 2 lc rgb RED
  set arrow 3 from 0,-0.5 to 0,0.75 nohead lw 2 lc rgb GREEN
  set arrow 4 from -5,-0.5 to -5,0.75 nohead lw 2
  do for [i=0:15] { set arrow 10+i from -5,-0.42+i*0.075 to first -5.1,-0.49+i*0.075 nohead lw 1 }
  if (now < 0) { set label 1 '← mẍ(t)' at graph 0.03,0.93; set label 2 'kx(t) →' at graph 0.03,0.74 }
  if (now > 0) { set label 1 'mẍ(t) →' at graph 0.03,0.93; set label 2 '← kx(t)' at graph 0.03,0.74 }
  set object 1 rectangle from now-0.5,-0.5 to now+0.5,0.5 front fillcolor rgb '#eef1f6' fillstyle solid border lc rgb INK lw 2
  plot $coil using (-5 + $1 * (now + 4.5)):(0.13 * $2) with lines ls 1
  unset arrow; unset label; unset object
  # the curves
  set border 15 lw 2; set xrange [0:T]; set arrow 1 from 0,0 to T,0 nohead lw 2
  eval place(98, 264, 871, 185, 1000, 700)
  set yrange [-3.3:3.3]; set ytics -2,2,2 nomirror out offset 0.5,0; unset xtics; unset xlabel; set ylabel 'x(t) ⟶' offset 1.5,0
  plot $curve every ::::4*k using 1:2 with lines lw 3 lc rgb ORANGE
  eval place(98, 449, 871, 185, 1000, 700)
  set yrange [-33:33]; set ytics -20,20,20; set ylabel '−kx(t) ⟶'; set xlabel 't ⟶' offset 0,0.9
  set xtics ('0' 0, 'π' pi) nomirror out scale 0.7 offset 0,0.3
  do for [n=2:15] { set xtics add (sprintf('%dπ', n) n * pi) }
  plot $curve every ::::4*k using 1:(-10*$2) with lines lw 3 lc rgb BLUE
  unset arrow
  unset multiplot
}
