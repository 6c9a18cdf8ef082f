# Starts and stops a Slurm cluster that consists of this machine. Its daemons use their own keys, ports and folders.

cluster_up() {
  cluster=$1
  command -v slurmctld slurmd munged srun > /dev/null || {
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends munge slurmctld slurmd slurm-client > /dev/null
  }
  mkdir -p "$cluster/state" "$cluster/spool"
  # Munge must own every parent folder of its socket, so the socket is in /run.
  socket=$(mktemp -d /run/kymo-munge.XXXXXX)
  chmod 755 "$socket"
  (umask 077 && head -c 128 /dev/urandom > "$socket/key")
  export SLURM_CONF=$cluster/slurm.conf
  local host
  host=$(hostname -s)
  cat > "$SLURM_CONF" <<END
ClusterName=kymo
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$socket/socket
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.log
# Containers often do not let Slurm manage cgroups.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
  munged --key-file="$socket/key" --socket="$socket/socket" --pid-file="$socket/pid" --log-file="$socket/log" --seed-file="$socket/seed"
  slurmctld -c
  slurmd
  local tries=0
  until [[ $(sinfo --noheader --format=%T 2> /dev/null) == idle ]]; do
    sleep 0.2
    ((++tries < 150)) || { tail "$cluster"/*.log >&2; echo "error: the cluster did not start within 30 seconds" >&2; exit 1; }
  done
}

cluster_down() {
  local pid file
  scancel --user=root 2> /dev/null || true
  for file in "$cluster/slurmd.pid" "$cluster/slurmctld.pid" "$socket/pid"; do
    [[ -s $file ]] || continue
    pid=$(< "$file")
    if kill "$pid" 2> /dev/null; then tail --pid="$pid" --follow /dev/null; fi
  done
  rm -rf "$socket"
}
