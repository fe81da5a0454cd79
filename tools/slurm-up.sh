#!/usr/bin/env bash
# slurm-up.sh - brings up a private loopback Slurm cluster (munged + slurmctld + N slurmd)
# on a fresh Debian 12 machine, as root, without systemd, without touching /etc/slurm.
#   VK_SLURM_DIR    work folder                 (default /tmp/vk-slurm)
#   VK_SLURM_NODES  number of virtual nodes     (default 3)
#   VK_SLURM_CPUS   CPUs per virtual node       (default 2; may overcommit the real cores)
#   VK_SLURM_MEM    MiB of memory per node      (default 2000)
# After it: . $VK_SLURM_DIR/env   (exports SLURM_CONF), then sinfo, sbatch, squeue, scontrol.
# Exit codes: 0 up and all nodes idle; 3 packages missing; 4 munge failed; 5 slurmctld failed; 6 nodes not up.
set -u
DIR=${VK_SLURM_DIR:-/tmp/vk-slurm}; N=${VK_SLURM_NODES:-3}; CPUS=${VK_SLURM_CPUS:-2}; MEM=${VK_SLURM_MEM:-2000}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { echo "slurm-up: $*"; }
die() { echo "slurm-up: ERROR: $2" >&2; exit "$1"; }
[ "$(id -u)" = 0 ] || die 2 "run as root"
T0=$SECONDS

# 1. packages (policy-rc.d-safe: we never use the packaged services)
need=(); for p in munge slurmctld slurmd slurm-client; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || need+=("$p"); done
if [ ${#need[@]} -gt 0 ]; then
  say "installing ${need[*]}"
  export DEBIAN_FRONTEND=noninteractive
  APT="apt-get -o DPkg::Lock::Timeout=300 -qq -y"
  $APT install --no-install-recommends "${need[@]}" >"/tmp/slurm-up-apt.$$.log" 2>&1 ||
    { $APT update >>"/tmp/slurm-up-apt.$$.log" 2>&1;
      $APT install --no-install-recommends "${need[@]}" >>"/tmp/slurm-up-apt.$$.log" 2>&1 ||
        die 3 "apt-get failed, see /tmp/slurm-up-apt.$$.log"; }
  rm -f "/tmp/slurm-up-apt.$$.log"
fi

# 2. already up?
if [ -f "$DIR/slurm.conf" ] && SLURM_CONF=$DIR/slurm.conf timeout 5 scontrol ping 2>/dev/null | grep -q ' is UP'; then
  say "already up in $DIR"; exit 0
fi
[ -d "$DIR/pids" ] && VK_SLURM_DIR=$DIR bash "$HERE/slurm-down.sh" >/dev/null 2>&1

# 3. folders, free ports
umask 022
mkdir -p "$DIR"/{munge,state,log,pids,spool}; chmod 755 "$DIR" "$DIR"/munge; chmod 700 "$DIR"/state
# The controller and the nodes take N + 1 ports in a row. Where the search starts depends on the folder, so that two clusters brought up at once do not meet.
taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
freeports() { local p=$1 i=0; while [ "$i" -le "$N" ]; do if taken $((p+i)); then p=$((p+i+1)); i=0; else i=$((i+1)); fi; done; echo "$p"; }
CTLP=$(freeports $((20000 + $(printf %s "$DIR" | cksum | cut -d' ' -f1) % 10000))); BASE=$CTLP
HOST=$(hostname -s 2>/dev/null || hostname)

# 4. munge, private socket and key
rm -f "$DIR/munge/munge.key"; head -c 1024 /dev/urandom >"$DIR/munge/munge.key"; chmod 400 "$DIR/munge/munge.key"
munged --force --key-file="$DIR/munge/munge.key" --socket="$DIR/munge/socket" --pid-file="$DIR/pids/munged.pid" \
  --log-file="$DIR/log/munged.log" --seed-file="$DIR/munge/seed" >"$DIR/log/munged.out" 2>&1 ||
  die 4 "munged: $(tail -2 "$DIR/log/munged.out" "$DIR/log/munged.log" 2>/dev/null)"
for i in $(seq 50); do munge -S "$DIR/munge/socket" -n 2>/dev/null | unmunge -S "$DIR/munge/socket" >/dev/null 2>&1 && break; sleep .1; done
munge -S "$DIR/munge/socket" -n 2>/dev/null | unmunge -S "$DIR/munge/socket" >/dev/null 2>&1 || die 4 "munge does not answer"

# 5. slurm.conf
{ cat <<CONF
ClusterName=voicekit
SlurmctldHost=$HOST(127.0.0.1)
SlurmctldPort=$CTLP
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$DIR/munge/socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation=$DIR/state
SlurmdSpoolDir=$DIR/spool/%n
SlurmctldPidFile=$DIR/pids/slurmctld.pid
SlurmdPidFile=$DIR/pids/slurmd-%n.pid
SlurmctldLogFile=$DIR/log/slurmctld.log
SlurmdLogFile=$DIR/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmctldTimeout=30
SlurmdTimeout=10
MessageTimeout=10
KillWait=3
MinJobAge=3600
MaxArraySize=10001
MaxJobCount=20000
JobRequeue=1
RequeueExit=75
JobCompType=jobcomp/filetxt
JobCompLoc=$DIR/log/jobcomp.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=5
SlurmdParameters=config_overrides
CONF
  for i in $(seq "$N"); do
    echo "NodeName=vk$i NodeHostname=$HOST NodeAddr=127.0.0.1 Port=$((BASE+i)) CPUs=$CPUS RealMemory=$MEM State=UNKNOWN"; done
  echo "PartitionName=main Nodes=vk[1-$N] Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO"
} >"$DIR/slurm.conf"
echo "export SLURM_CONF=$DIR/slurm.conf" >"$DIR/env"
export SLURM_CONF=$DIR/slurm.conf

# 6. daemons
slurmctld -c -f "$SLURM_CONF" >"$DIR/log/slurmctld.out" 2>&1 || die 5 "slurmctld: $(tail -3 "$DIR/log/slurmctld.out" "$DIR/log/slurmctld.log" 2>/dev/null)"
for i in $(seq 100); do timeout 3 scontrol ping 2>/dev/null | grep -q ' is UP' && break; sleep .1; done
timeout 3 scontrol ping 2>/dev/null | grep -q ' is UP' || die 5 "slurmctld does not answer, see $DIR/log"
for i in $(seq "$N"); do mkdir -p "$DIR/spool/vk$i"
  slurmd -N "vk$i" -f "$SLURM_CONF" >"$DIR/log/slurmd-vk$i.out" 2>&1 || say "slurmd vk$i: $(tail -2 "$DIR/log/slurmd-vk$i.out" "$DIR/log/slurmd-vk$i.log" 2>/dev/null)"; done
up=0; for i in $(seq 300); do up=$(timeout 3 sinfo -h -N -o '%T' 2>/dev/null | grep -cx idle); [ "$up" -ge "$N" ] && break; sleep .1; done
[ "$up" -ge "$N" ] || { sinfo -N -l; die 6 "$up of $N nodes idle, see $DIR/log"; }
say "up: $N nodes x $CPUS CPUs in $((SECONDS-T0)) s; run: . $DIR/env"
