# The same motion as the shadow of a turning one.
load 'common.gp'
FRAMES = 100
T = 15 * pi
re(t) = 3 * sin(w0 * t)
im(t) = -3 * cos(w0 * t)
set table $curve
plot [0:T] sample [t=0:T:T/396] '+' using (re(t)):(im(t)) with table
unset table

eval begin(800, 800)
set style line 1 lw 2 lc rgb INK
unset key
do for [k=0:FRAMES-1] {
  now = re(T * k / (FRAMES - 1)); up = im(T * k / (FRAMES - 1))
  last = k < 40 ? 4 * k : 159    # one turn is all of the circle
  eval frame(k)
  set multiplot
  # the spring
  eval place(45, 11, 744, 121, 800, 800)
  set border 1 lw 2; set xrange [-4.65:4.65]; set yrange [-0.5:0.75]
  unset tics; unset xlabel
  set arrow 1 from -3,-0.5 to -3,0.75 nohead lw 2 lc rgb RED
  set arrow 2 from 3,-0.5 to 3,0.75 nohead lw 2 lc rgb RED
  set arrow 3 from 0,-0.5 to 0,0.75 nohead lw 2 lc rgb GREEN
  set arrow 4 from -4.65,-0.5 to -4.65,0.75 nohead lw 2
  do for [i=0:11] { set arrow 10+i from -4.65,-0.4+i*0.1 to first -4.74,-0.49+i*0.1 nohead lw 1 }
  if (now < 0) { set label 1 '← mẍ(t)' at graph 0.03,0.92; set label 2 'kx(t) →' at graph 0.03,0.7 }
  if (now > 0) { set label 1 'mẍ(t) →' at graph 0.03,0.92; set label 2 '← kx(t)' at graph 0.03,0.7 }
  set object 1 rectangle from now-0.4,-0.5 to now+0.4,0.5 front fillcolor rgb '#eef1f6' fillstyle solid border lc rgb INK lw 2
  plot $coil using (-4.65 + $1 * (now + 4.25)):(0.13 * $2) with lines ls 1
  unset arrow; unset label; unset object
  # the plane
  eval place(45, 132, 744, 608, 800, 800)
  set border 15 lw 2; set xrange [-4.65:4.65]; set yrange [-3.8:3.8]
  set xtics -4,1,4 nomirror out scale 0.7 offset 0,0.3; set ytics -3,1,3 nomirror out scale 0.7 offset 0.5,0
  set xlabel 'x(t) ⟶' offset 0,0.9
  set arrow 1 from -4.65,0 to 4.65,0 nohead lw 1
  set arrow 2 from 0,-3.8 to 0,3.8 nohead lw 1
  set arrow 3 from now,0 to now,up nohead lw 1.5 lc rgb ORANGE
  set arrow 4 from 0,0 to now,up nohead front lw 1.5 lc rgb BLUE
  set object 1 circle at now,up size screen 0.007 front fillcolor rgb BLUE fillstyle solid noborder
  set object 2 circle at now,0 size screen 0.007 front fillcolor rgb ORANGE fillstyle solid noborder
  set label 1 'z(t) = 2r exp(j(ω₀t − ϕ))' at graph 0.03,0.965
  set label 2 'x(t) = Re(z)' at graph 0.03,0.905
  set label 3 'z(t)' at now+0.15,up
  set label 4 'x(t)' at now,0.25 center
  plot $curve every ::::last using 1:2 with lines lw 3 lc rgb BLUE, \
       $curve every ::::last using 1:(0) with lines lw 3 lc rgb ORANGE
  unset arrow; unset label; unset object
  unset multiplot
}
