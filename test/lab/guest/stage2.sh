#!/bin/sh
# Second stage, on the host's files: what a booted Linux has, modules of USB gadgets, then the job.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root NO_COLOR=1 TERM=dumb
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=1777 shm /dev/shm
mount -t tmpfs -o mode=1777 temporary /tmp
mkdir -p /run/out /run/udev/rules.d /lib/modules
mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576 out /run/out
mount --bind "$1" /lib/modules
ip link set lo up 2>/dev/null || ifconfig lo up 2>/dev/null
modprobe -q configfs
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
modprobe dummy_hcd num=6 is_high_speed=1
modprobe libcomposite
modprobe uhid
modprobe evdev
/lib/systemd/systemd-udevd --daemon 2>/dev/null
. /run/out/job.env
cd "$job_folder" || exit 1
echo "lab: kernel $(uname -r) is up after $(cut -d' ' -f1 /proc/uptime) s"
(sh /run/out/job.sh) </dev/null
echo $? >/run/out/exit-code
sync
echo b >/proc/sysrq-trigger
