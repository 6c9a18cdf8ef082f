# Four upright springs under different damping, beside the curves of all four.
load 'common.gp'
FRAMES = 100
T = 12 * pi
array LINE[4] = ['#3f90da', '#bd1f01', '#ffa90e', '#832db6']
array MASS[4] = ['#bcd9f3', '#e7b0a6', '#ffe1ab', '#d3b6e5']
array LANE[4] = ['γ = 0', 'γ < 2ω₀', 'γ = 2ω₀', 'γ > 2ω₀']
array NAME[4] = ['undamped, γ = 0', 'underdamped, γ = 0.4 ω₀', 'critical, γ = 2ω₀', 'overdamped, γ = 5 ω₀']
# Displacements from rest at 3, undamped and with damping ratios 0.2, 1 and 2.5.
wu = w0 * sqrt(1 - 0.2**2)
wo = w0 * sqrt(2.5**2 - 1)
free(t) = 3 * cos(w0 * t)
under(t) = 3 * exp(-0.2 * w0 * t) * (cos(wu * t) + 0.2 * w0 / wu * sin(wu * t))
critical(t) = 3 * exp(-w0 * t) * (1 + w0 * t)
over(t) = 3 * exp(-2.5 * w0 * t) * (cosh(wo * t) + 2.5 * w0 / wo * sinh(wo * t))
set table $curve
plot [0:T] sample [t=0:T:T/396] '+' using (t):(free(t)):(under(t)):(critical(t)):(over(t)) with table
unset table

middle(n) = n == 0 ? 0 : n - 0.15    # where the wire is: beside a dashpot, if there is one
piston(top) = -5.04 + 0.47 * top     # it goes a shorter way than the mass

eval begin(1200, 600)
set style line 1 lw 2 lc rgb INK
array now[4]
do for [k=0:FRAMES-1] {
  t = T * k / (FRAMES - 1)
  now[1] = free(t); now[2] = under(t); now[3] = critical(t); now[4] = over(t)
  eval frame(k)
  set multiplot
  # the springs
  eval place(80, 13, 494, 521, 1200, 600)
  unset key; set border 3 lw 2; set xrange [-0.5:3.5]; set yrange [-7:4]
  set xtics (LANE[1] 0, LANE[2] 1, LANE[3] 2, LANE[4] 3) nomirror scale 0 offset 0,-0.2
  set ytics -3,3,3 nomirror out scale 0.7 offset 0.5,0; set ylabel 'x in m' offset 1,0; unset xlabel
  set arrow 1 from -0.5,0 to 3.5,0 nohead lw 1
  do for [i=0:49] { set arrow 100+i from -0.42+0.08*i,-7 to first -0.5+0.08*i,-7.19 nohead lw 1 }
  do for [n=0:3] {
    set object 1+n rectangle from n-0.3,now[n+1]-0.5 to n+0.3,now[n+1]+0.5 front fillcolor rgb MASS[n+1] fillstyle solid border lc rgb LINE[n+1] lw 2
    if (n > 0) {
      a = 10 * n; m = n + 0.15; top = now[n+1] - 0.5; low = piston(top)
      set arrow a+1 from m,-7 to m,-6.78 nohead lw 2
      set arrow a+2 from m-0.1,-6.78 to m+0.1,-6.78 nohead lw 2
      set arrow a+3 from m-0.1,-6.78 to m-0.1,-3.7 nohead lw 2
      set arrow a+4 from m+0.1,-6.78 to m+0.1,-3.7 nohead lw 2
      set arrow a+5 from m,top to m,low nohead lw 2
      set arrow a+6 from m-0.07,low to m+0.07,low nohead lw 2
    }
  }
  plot for [n=0:3] $coil using (middle(n) + (n == 0 ? 0.13 : 0.1) * $2):(-7 + $1 * (now[n+1] + 6.5)) with lines ls 1
  unset arrow; unset object
  # the curves
  eval place(632, 13, 537, 521, 1200, 600)
  set border 15 lw 2; set xrange [0:T]; unset ylabel; set xlabel 't ⟶' offset 0,0.9
  set xtics ('0' 0, '3π' 3*pi, '6π' 6*pi, '9π' 9*pi, '12π' 12*pi) nomirror out scale 0.7 offset 0,0.3
  set key bottom left Left reverse samplen 2.5 spacing 1.3
  set arrow 1 from 0,0 to T,0 nohead lw 1
  plot for [n=1:4] $curve every ::::4*k using 1:n+1 with lines lw 3 lc rgb LINE[n] title NAME[n], \
       for [n=1:4] $curve every ::4*k::4*k using 1:n+1 with points pt 7 ps 1.8 lc rgb LINE[n] notitle
  unset arrow
  unset multiplot
}
